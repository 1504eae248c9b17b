import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The React Compiler in its Rust form; should it fail, `reactCompilerPreset` of @vitejs/plugin-react with Babel gives the same code.
export default defineConfig({
  base: "/",
  plugins: [react({ compiler: true })],
  build: {
    target: "es2023",
    cssTarget: "chrome123",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:4000", ws: true } } },
});
