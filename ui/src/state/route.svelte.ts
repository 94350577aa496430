/** Which screen is shown, and what on it. */

export type Screen = 'upload' | 'gallery' | 'hosts' | 'compress' | 'migrate' | 'settings';

export type Target = {
  /** Hosts: this profile. Compress: its options, and where they are used. */
  profile?: string;
  /** Hosts: the focus goes to this field. */
  field?: string;
  /** Hosts: this section of the form. */
  section?: string;
  /** Hosts: the list of hosts to add. */
  add?: boolean;
  /** Settings: this page. */
  page?: string;
  /** Compress: these options instead of the saved ones. */
  images?: Record<string, string>;
  /** Compress: these rows of the history are opened. */
  uploads?: number[];
  /** Gallery: this picture is selected. */
  upload?: number;
};

const SCREENS: readonly string[] = [
  'upload',
  'gallery',
  'hosts',
  'compress',
  'migrate',
  'settings',
] satisfies Screen[];

class RouteModel {
  screen = $state<Screen>('upload');
  target = $state.raw<Target>({});
  /** A screen with unsaved changes sets it; resolves to false to stay. Cleared by that screen. */
  leaveGuard: (() => Promise<boolean>) | null = null;

  async go(screen: Screen, target: Target = {}): Promise<void> {
    if (this.leaveGuard && !(await this.leaveGuard())) return;
    this.screen = screen;
    this.target = target;
  }

  /** For names from outside: an unknown one changes nothing. */
  goTo(name: string): void {
    if (SCREENS.includes(name)) void this.go(name as Screen);
  }
}

export const route = new RouteModel();
