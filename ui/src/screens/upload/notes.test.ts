import { describe, expect, it } from 'vitest';
import type { PictureNote } from '../../host/contract';
import { sampleJob } from '../../testing/samples';
import { notesOf, whyUnchanged } from './notes';
import { sizesOf } from './stage';

const done = { state: 'done', bytes_in: 1_800_000 } as const;

describe('what was done to a picture', () => {
  it('is told beside its sizes, with how much it still looks like itself', () => {
    const notes: PictureNote[] = [
      { kind: 'resized', width: 1600, height: 1067 },
      { kind: 'converted', from: 'jpeg', to: 'webp' },
      { kind: 'compressed' },
      { kind: 'metadata_removed' },
    ];
    const sizes = sizesOf(sampleJob('a', { ...done, bytes_out: 312_000, notes, score: 81 }));
    expect([sizes.words, sizes.change]).toEqual(['1.8 MB → 312 KB', '−83 %']);
    expect(sizes.why.split('\n')).toEqual([
      '1.8 MB → 312 KB · −83 %',
      'Made smaller: 1600 × 1067.',
      'JPEG became WebP.',
      'Compressed.',
      'Metadata removed.',
      'It looks 81 of 100.',
    ]);
  });

  it('says in the row why nothing was saved', () => {
    const words = (...notes: PictureNote[]) =>
      sizesOf(sampleJob('a', { ...done, bytes_out: 1_800_000, notes })).words;
    expect(words()).toBe('1.8 MB · sent as it is');
    expect(words({ kind: 'skipped' })).toBe('1.8 MB · left as it is');
    expect(words({ kind: 'not_processed', code: 'unsupported' })).toBe('1.8 MB · could not be processed');
    expect(words({ kind: 'kept_original', why: 'vector' })).toBe('1.8 MB · drawn by lines');
    expect(words({ kind: 'kept_original', why: 'not_smaller' })).toBe('1.8 MB · already small');
  });

  it('has a sentence for everything', () => {
    const why = [
      'not_smaller',
      'already_small',
      'format_not_written',
      'vector',
      'animation',
      'aim_not_reached',
    ] as const;
    const plain = [
      'skipped',
      'oriented',
      'cropped',
      'turned',
      'watermarked',
      'converted_to_srgb',
      'compressed',
      'aim_missed',
      'metadata_removed',
      'metadata_not_removable',
      'metadata_not_carried',
    ] as const;
    const notes: PictureNote[] = [
      ...why.map((one) => ({ kind: 'kept_original', why: one }) as const),
      ...plain.map((kind) => ({ kind })),
      { kind: 'not_processed', code: 'unsupported' },
    ];
    const told = notesOf({ notes, score: null });
    expect(new Set(told).size).toBe(notes.length);
    for (const one of why)
      expect(whyUnchanged({ notes: [{ kind: 'kept_original', why: one }] })).toBeTruthy();
  });
});
