/** Starts the card in the corner of the screen. */

import Card from './screens/small/Card.svelte';
import { startSmall } from './screens/small/start';

startSmall(Card);
