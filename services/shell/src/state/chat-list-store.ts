import { create } from "zustand";

/** Whether the list of conversations lies over a narrow chat. */
export const useChatList = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));

/** Shows or hides the list of conversations. */
export function showChatList(isOpen: boolean): void {
  useChatList.setState({ isOpen });
}
