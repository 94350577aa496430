/** What the window assumes until the engine has told the truth. */

import type { AppState, Platform } from '../host/contract';

export function emptyAppState(platform: Platform): AppState {
  return {
    version: '',
    platform,
    settings: {
      version: 1,
      language: 'system',
      appearance: 'system',
      onboarded: true,
      default_profile: 'local',
      profiles: [],
      links: { format: 'markdown', auto_copy: true, encoded: true, custom: [] },
      upload: { max_file_bytes: 256_000_000, retries: 5, prepare_at_once: 0 },
      network: { proxy: 'system' },
      hotkeys: { upload_clipboard: 'Ctrl+Alt+U', drop_window: '' },
      desktop: {
        close_to_tray: true,
        start_in_tray: false,
        notify: 'auto',
        ask_about_copied: false,
        local_store_port: 36688,
      },
      server: {
        enabled: true,
        address: '127.0.0.1',
        port: 36677,
        has_token: false,
        token_revision: 0,
        allowed_origins: [],
        formats: [],
        allow_private_addresses: false,
      },
      watch: { paused: false, folders: [] },
    },
    providers: [],
    common_fields: [],
    secret_store: 'keychain',
    notices: [],
    local_store: { address: '', running_here: false, running_elsewhere: false },
    jobs: [],
    offers: [],
    desktop: {
      tray: false,
      hotkey: { accelerator: '', registered: false },
      drop_window_hotkey: { accelerator: '', registered: false },
      places_windows: false,
      has_window_buttons: false,
      is_bridge: false,
    },
    total_uploads: 0,
  };
}
