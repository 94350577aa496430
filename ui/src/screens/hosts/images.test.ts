import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import { compress } from '../../state/compress.svelte';
import { fetchScreens } from '../../testing/fetch_screens';
import { BLOG, field, openHosts } from './open_hosts';

beforeAll(fetchScreens);

describe('what a profile says of pictures', () => {
  it('shows six short choices beside each other, and a percentage as a slider with its number', async () => {
    const host = await openHosts({}, [BLOG]);
    expect(within(field('image_format')).getAllByRole('radio')).toHaveLength(6);
    const slider = screen.getByRole('slider', { name: 'Quality' });
    expect(slider).toHaveValue('80');
    await fireEvent.input(slider, { target: { value: '71' } });
    const number = screen.getByTestId('field-image_quality-number');
    expect(number).toHaveValue('71');
    await userEvent.clear(number);
    await userEvent.type(number, 'about 7');
    await fireEvent.change(number);
    expect(number).toHaveValue('71');
    await userEvent.click(screen.getByTestId('profile-save'));
    await waitFor(() => expect(host.sent('profile_save').at(-1)?.draft.fields['image_quality']).toBe('71'));
  });

  it('takes its options to the compress screen, saved or not', async () => {
    await openHosts({}, [{ ...BLOG, fields: { ...BLOG.fields, image_long_edge: '1600' } }]);
    await userEvent.click(screen.getByTestId('field-image_format-webp'));
    await userEvent.click(screen.getByTestId('try-on-picture'));
    await userEvent.click(await screen.findByTestId('leave-discard'));
    await screen.findByTestId('screen-compress');
    await waitFor(() => expect(compress.profileId).toBe('blog'));
    expect(compress.fields).toEqual({ image_format: 'webp', image_long_edge: '1600' });
  });
});
