/** Starts the drop window. */

import Mini from './screens/small/Mini.svelte';
import { startSmall } from './screens/small/start';

startSmall(Mini);
