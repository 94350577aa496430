/** How each editor is told where its pictures go: the steps, and what is pasted in the last of them. */

import { m } from '../../paraglide/messages';

export const EDITORS = ['obsidian', 'typora', 'vscode', 'logseq', 'siyuan', 'marktext', 'command'] as const;

export type Editor = (typeof EDITORS)[number];

export interface Guide {
  readonly name: () => string;
  readonly steps: readonly (() => string)[];
  /** What is pasted; `address` is that of the server, without a slash at its end. */
  readonly snippet: (address: string) => string;
  /** The page that its requests come from, where the server refuses that until the person allows it. */
  readonly page?: string;
}

const upload = (address: string): string => `${address}/upload`;

export const GUIDES: Readonly<Record<Editor, Guide>> = {
  obsidian: {
    name: () => 'Obsidian',
    steps: [m.editors_obsidian_install, m.editors_obsidian_set],
    snippet: upload,
  },
  typora: {
    name: () => 'Typora',
    steps: [m.editors_typora_open, m.editors_typora_set],
    snippet: () => 'picferry upload --format url',
  },
  vscode: {
    name: () => 'VS Code',
    steps: [m.editors_vscode_install, m.editors_vscode_set],
    snippet: (address) =>
      `"piclist.uploadAPIUrl": "${address}/upload",\n"piclist.deleteAPIUrl": "${address}/delete"`,
  },
  logseq: { name: () => 'Logseq', steps: [m.editors_logseq_install, m.editors_plugin_set], snippet: upload },
  siyuan: {
    name: m.editors_siyuan,
    steps: [m.editors_siyuan_allow, m.editors_plugin_set],
    snippet: upload,
    page: 'http://127.0.0.1:6806',
  },
  marktext: {
    name: () => 'MarkText',
    steps: [m.editors_marktext_open, m.editors_marktext_set],
    snippet: () => '#!/bin/sh\nexec picferry upload --quiet --format url "$1"',
  },
  command: {
    name: m.editors_command,
    steps: [m.editors_command_how],
    snippet: () => 'picferry upload boats.jpg --format markdown',
  },
};

/** The address that editors are given: this computer's, whichever the server listens at. */
export function addressOf(server: { readonly address: string; readonly port: number }): string {
  const name = ['0.0.0.0', '::', ''].includes(server.address) ? '127.0.0.1' : server.address;
  return `http://${name.includes(':') ? `[${name}]` : name}:${server.port}`;
}
