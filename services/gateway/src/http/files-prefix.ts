/** What stands before a home path in the address of a file. */
export const FILES_PREFIX = "/api/v1/files/";
