/** The licences of what the window itself is made of; those of the program's parts come with its packages. */

import inter from '../../assets/fonts/Inter-OFL.txt?raw';
import jetBrainsMono from '../../assets/fonts/JetBrainsMono-OFL.txt?raw';
import lucide from '../../assets/Lucide-ISC.txt?raw';

export const LICENCES: readonly { name: string; kind: string; text: string }[] = [
  { name: 'Inter', kind: 'OFL-1.1', text: inter },
  { name: 'JetBrains Mono', kind: 'OFL-1.1', text: jetBrainsMono },
  { name: 'Lucide', kind: 'ISC', text: lucide },
];
