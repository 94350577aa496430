/** What was done to a picture on its way, or why not, in words. */

import { formatCount } from '../../format';
import type { JobSnapshot, KeptWhy, PictureNote } from '../../host/contract';
import { m } from '../../paraglide/messages';
import { pictureFormatName } from '../gallery/picture_formats';

/** One sentence for each thing that was done; the measure of the result at the end. */
export function notesOf(job: Pick<JobSnapshot, 'notes' | 'score'>): string[] {
  const told = job.notes.map(words);
  if (job.score !== null) told.push(m.note_score({ score: formatCount(job.score) }));
  return told;
}

/** Why a picture was sent as it was, short enough for its row; nothing when there was no reason. */
export function whyUnchanged(job: Pick<JobSnapshot, 'notes'>): string | undefined {
  for (const note of job.notes) {
    if (note.kind === 'skipped') return m.note_short_skipped();
    if (note.kind === 'not_processed') return m.note_short_not_processed();
    if (note.kind === 'kept_original') return shortWhy(note.why);
  }
  return undefined;
}

function words(note: PictureNote): string {
  switch (note.kind) {
    case 'skipped':
      return m.note_skipped();
    case 'oriented':
      return m.note_oriented();
    case 'cropped':
      return m.note_cropped();
    case 'turned':
      return m.note_turned();
    case 'resized':
      return m.note_resized({ width: note.width, height: note.height });
    case 'watermarked':
      return m.note_watermarked();
    case 'converted_to_srgb':
      return m.note_srgb();
    case 'converted':
      return m.note_converted({ from: pictureFormatName(note.from), to: pictureFormatName(note.to) });
    case 'compressed':
      return m.note_compressed();
    case 'aim_missed':
      return m.note_aim_missed();
    case 'kept_original':
      return longWhy(note.why);
    case 'not_processed':
      return m.note_not_processed();
    case 'metadata_removed':
      return m.note_metadata_removed();
    case 'metadata_not_removable':
      return m.note_metadata_not_removable();
    case 'metadata_not_carried':
      return m.note_metadata_not_carried();
  }
}

function shortWhy(why: KeptWhy): string {
  switch (why) {
    case 'vector':
      return m.note_short_vector();
    case 'animation':
      return m.note_short_animation();
    case 'format_not_written':
      return m.note_short_format();
    default:
      return m.note_short_small();
  }
}

function longWhy(why: KeptWhy): string {
  switch (why) {
    case 'not_smaller':
      return m.note_kept_not_smaller();
    case 'already_small':
      return m.note_kept_already_small();
    case 'format_not_written':
      return m.note_kept_format();
    case 'vector':
      return m.note_kept_vector();
    case 'animation':
      return m.note_kept_animation();
    case 'aim_not_reached':
      return m.note_kept_aim();
  }
}
