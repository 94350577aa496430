/** What a pop-up list is made of. */

import type { HostMark } from '../hosts';

export type PickItem<T extends string> = {
  value: T;
  label: string;
  detail?: string | undefined;
  mark?: HostMark | undefined;
};

export type PickProps<T extends string> = {
  items: readonly PickItem<T>[];
  value: T;
  onchange: (value: T) => void;
  label?: string;
  labelledby?: string;
  placeholder?: string;
  /** Shows the detail in the closed control too. */
  detailed?: boolean;
  quiet?: boolean;
  disabled?: boolean;
  open?: boolean;
  id?: string;
  'data-testid'?: string;
};
