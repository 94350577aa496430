// Two frames: the first is asked for before anything is on the screen, the second comes after it.
requestAnimationFrame(() => requestAnimationFrame(() => window.__TAURI_INTERNALS__.invoke('painted')));
