/** Starts the window. */

import './styles/index.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { chooseHost } from './host/choose';
import { installHost } from './host/host';

installHost(chooseHost());

const target = document.getElementById('app');
if (target) mount(App, { target });
