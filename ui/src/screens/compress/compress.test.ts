import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import App from '../../App.svelte';
import type { CompressPicture } from '../../host/contract';
import { installHost } from '../../host/host';
import { app } from '../../state/app.svelte';
import { compress } from '../../state/compress.svelte';
import { route } from '../../state/route.svelte';
import { violations } from '../../testing/axe';
import { appError, FakeHost, failure } from '../../testing/fake_host';
import { fetchScreens } from '../../testing/fetch_screens';
import { SAMPLE_RESULTS, samplePicture, samplePictures } from '../../testing/sample_compress';
import { IMAGE_FIELDS } from '../../testing/sample_fields';
import { sampleProfile, sampleSettings, sampleState } from '../../testing/samples';

beforeAll(fetchScreens);

type Answers = ConstructorParameters<typeof FakeHost>[0];

async function open(
  pictures: CompressPicture[] = samplePictures(),
  answers: Answers = {},
): Promise<FakeHost> {
  const profiles = [
    sampleProfile('blog', {
      name: 'Blog',
      fields: { image_format: 'webp', image_long_edge: '1600', bucket: 'x' },
    }),
    sampleProfile('notes', { name: 'Notes', fields: { image_quality: '70' } }),
  ];
  const fake = new FakeHost({
    app_state: () =>
      sampleState({
        common_fields: IMAGE_FIELDS,
        settings: sampleSettings({ profiles, default_profile: 'blog' }),
      }),
    compress_list: () => pictures,
    compress_open: () => pictures,
    compress_clipboard: () => pictures,
    compress_choose: () => pictures,
    ...answers,
  });
  installHost(fake);
  render(App);
  await waitFor(() => expect(app.phase).toBe('ready'));
  await fireEvent.keyDown(document.body, { key: '5', ctrlKey: true });
  await screen.findByTestId('screen-compress');
  return fake;
}

describe('the compress screen', () => {
  it('shows what each format makes of the picture, on one scale', async () => {
    await open();
    const formats = await screen.findByTestId('compress-formats');
    expect(within(formats).getByText('AVIF for this one')).toBeInTheDocument();
    expect(screen.getByTestId('format-webp')).toBeChecked();
    expect(screen.getByTestId('format-webp')).toHaveAccessibleDescription('268 KB268 KB, looks 81 of 100');
    expect(screen.getByTestId('compress-after')).toHaveTextContent('WebP 268 KB · −92 %');
    expect(screen.getByTestId('compress-total')).toHaveTextContent('4 pictures · 9.3 MB → 1.6 MB');
    expect(within(formats).getAllByText('', { selector: '.track.over' })).toHaveLength(1);
  });

  it('has nothing for a screen reader to stumble over', async () => {
    await open();
    await screen.findByTestId('compress-formats');
    expect(await violations()).toEqual([]);
  });

  it('begins with the options of the default profile and tries them at once', async () => {
    const host = await open();
    await waitFor(() => expect(host.sent('compress_try')).toHaveLength(1));
    expect(host.sent('compress_try')[0]).toEqual({
      picture: 'leaf',
      fields: { image_format: 'webp', image_long_edge: '1600' },
    });
  });

  it('tries what was changed, and leaves out what is the default', async () => {
    const host = await open();
    await userEvent.click(await screen.findByTestId('format-auto'));
    expect(host.sent('compress_try').at(-1)?.fields).toEqual({ image_long_edge: '1600' });
    await userEvent.click(screen.getByTestId('compress-edge-keep'));
    expect(host.sent('compress_try').at(-1)?.fields).toEqual({});
    await userEvent.click(screen.getByTestId('remove-profile'));
    expect(host.sent('compress_try').at(-1)?.fields).toEqual({ color_profile: 'srgb' });
  });

  it('waits for a slider to rest, and takes a typed number at once', async () => {
    const host = await open();
    const slider = await screen.findByTestId('compress-quality');
    const before = host.sent('compress_try').length;
    await fireEvent.input(slider, { target: { value: '72' } });
    await fireEvent.input(slider, { target: { value: '71' } });
    expect(host.sent('compress_try')).toHaveLength(before);
    expect(screen.getByTestId('compress-aim-words')).toHaveTextContent('Small, and still good.');
    await waitFor(() => expect(host.sent('compress_try')).toHaveLength(before + 1));
    expect(host.sent('compress_try').at(-1)?.fields['image_quality']).toBe('71');
    const number = screen.getByTestId('compress-quality-number');
    await userEvent.clear(number);
    await userEvent.type(number, '250{Enter}');
    await fireEvent.change(number);
    expect(host.sent('compress_try').at(-1)?.fields['image_quality']).toBe('100');
    expect(number).toHaveValue('100');
  });

  it('aims for a size, and says when that cannot be had', async () => {
    const host = await open();
    await userEvent.click(await screen.findByTestId('aim-size'));
    expect(host.sent('compress_try').at(-1)?.fields).toMatchObject({
      image_aim: 'size',
      image_max_kb: '300',
    });
    expect(screen.getByTestId('compress-aim-words')).toHaveTextContent('As good as fits into 300 KB.');
    const missed = SAMPLE_RESULTS.map((result) => ({ ...result, aim_is_met: false }));
    host.emit({ type: 'compress_changed', picture: samplePicture('leaf', { results: missed }) });
    await waitFor(() =>
      expect(screen.getByTestId('compress-aim-words')).toHaveTextContent('It does not fit into 300 KB.'),
    );
  });

  it('warns of the place, here only, and says what becomes of it', async () => {
    await open();
    const warning = await screen.findByTestId('compress-gps');
    expect(warning).toHaveTextContent(
      'This picture says where you were. 54.57° N, 3.15° W. It will be removed.',
    );
    await userEvent.click(screen.getByTestId('remove-position'));
    expect(screen.getByTestId('remove-camera')).not.toBeChecked();
    expect(warning).toHaveTextContent('It will stay in the file.');
    await userEvent.click(screen.getByTestId('remove-camera'));
    expect(screen.getByTestId('remove-position')).toBeChecked();
  });

  it('moves the handle by 1 % and with Shift by 10 %, and tells it in words', async () => {
    await open();
    const grip = await screen.findByRole('slider', { name: 'Split' });
    grip.focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(grip).toHaveAttribute('aria-valuenow', '47');
    await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}');
    expect(grip).toHaveAttribute('aria-valuetext', '37 % original, 63 % compressed');
    await userEvent.keyboard('{Home}');
    expect(grip).toHaveAttribute('aria-valuenow', '0');
  });

  it('asks for a picture decoded when the window cannot show it', async () => {
    await open();
    const after = await screen.findByAltText('maple-leaf.jpg, compressed');
    expect(after).toHaveAttribute('src', '/thumb/compress/leaf/made-webp');
    await fireEvent.error(after);
    expect(after).toHaveAttribute('src', '/thumb/compress/leaf/made-webp?decoded');
  });

  it('walks the pictures with arrows and takes one off with Delete', async () => {
    const left = samplePictures().filter((picture) => picture.id !== 'boats');
    const host = await open(samplePictures(), { compress_remove: () => left });
    const list = await screen.findByRole('listbox', { name: 'Pictures' });
    within(list).getByRole('option', { name: 'maple-leaf.jpg' }).focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(screen.getByTestId('compress-name')).toHaveTextContent('boats-at-dusk.jpg');
    expect(host.sent('compress_try').at(-1)?.picture).toBe('boats');
    await userEvent.keyboard('{Delete}');
    expect(host.sent('compress_remove')).toEqual([{ picture: 'boats' }]);
    await waitFor(() => expect(screen.getByTestId('compress-name')).toHaveTextContent('chart.png'));
  });

  it('says of one picture why it cannot be tried, and goes on with the others', async () => {
    const broken = samplePicture('broken', {
      error: failure('damaged_picture', { message: 'The JPEG picture is damaged.' }),
    });
    await open([broken, ...samplePictures()]);
    expect(await screen.findByTestId('compress-error')).toHaveTextContent('The JPEG picture is damaged.');
    await userEvent.click(screen.getByRole('option', { name: 'maple-leaf.jpg' }));
    expect(await screen.findByTestId('split')).toBeInTheDocument();
  });

  it('makes the options those of the profile, and saves copies', async () => {
    const host = await open(samplePictures(), {
      compress_use: () => sampleProfile('blog'),
      compress_save: () => ({ folder: '/pictures/small', saved: 4, failed: [] }),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Use for Blog' }));
    expect(host.sent('compress_use')).toEqual([
      { profile_id: 'blog', fields: { image_format: 'webp', image_long_edge: '1600' } },
    ]);
    await userEvent.click(screen.getByTestId('compress-save'));
    expect(await screen.findByText('4 copies saved in /pictures/small')).toBeInTheDocument();
  });

  it('tells beside the field that a side cannot be read', async () => {
    await open(samplePictures(), {
      compress_try: ({ fields }) => {
        if (fields['image_long_edge'] === 'x')
          throw appError('invalid_field', {
            field: 'image_long_edge',
            message: '“Longest side” cannot be “x”.',
          });
        return null;
      },
    });
    const edge = await screen.findByTestId('compress-edge');
    await fireEvent.input(edge, { target: { value: 'x' } });
    expect(await screen.findByTestId('compress-refused')).toBeInTheDocument();
    expect(edge).toHaveAttribute('aria-invalid', 'true');
  });

  it('begins empty, and takes pictures by its button, by paste and by a drop', async () => {
    let list: CompressPicture[] = [];
    const host = await open([], {
      compress_list: () => list,
      compress_choose: () => list,
      compress_clipboard: () => list,
      compress_open: () => list,
    });
    await userEvent.click(await screen.findByTestId('compress-choose'));
    await fireEvent.keyDown(document.body, { key: 'v', ctrlKey: true });
    expect(host.sent('compress_choose')).toHaveLength(1);
    expect(host.sent('compress_clipboard')).toHaveLength(1);
    expect(host.sent('upload_clipboard')).toHaveLength(0);
    list = samplePictures();
    host.emit({ type: 'drag_hover', x: 10, y: 10, count: 1 });
    expect(screen.queryByTestId('drag-overlay')).not.toBeInTheDocument();
    host.emit({ type: 'drag_dropped', x: 10, y: 10, paths: ['/pictures/a.jpg'] });
    expect(host.sent('compress_open')).toEqual([{ paths: ['/pictures/a.jpg'] }]);
    expect(await screen.findByTestId('compress-name')).toHaveTextContent('maple-leaf.jpg');
    expect(host.sent('upload_paths')).toHaveLength(0);
  });

  it('takes events that overtake the list', async () => {
    const early = samplePicture('leaf', { name: 'early.jpg', results: SAMPLE_RESULTS });
    let answer: (pictures: CompressPicture[]) => void = () => {};
    const host = await open([], {
      compress_list: () => [],
      compress_choose: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    await userEvent.click(await screen.findByTestId('compress-choose'));
    host.emit({ type: 'compress_changed', picture: early });
    answer([samplePicture('leaf', { bytes: 0, results: [] })]);
    expect(await screen.findByTestId('compress-name')).toHaveTextContent('early.jpg');
  });

  it('stops the work when it is left, and brings the options of a profile that asks for it', async () => {
    const host = await open();
    await screen.findByTestId('compress-formats');
    await fireEvent.keyDown(document.body, { key: '1', ctrlKey: true });
    await waitFor(() => expect(host.sent('compress_stop')).toHaveLength(1));
    await route.go('compress', { profile: 'notes', images: { image_format: 'jpeg', bucket: 'y' } });
    await waitFor(() => expect(compress.profileId).toBe('notes'));
    expect(compress.fields).toEqual({ image_format: 'jpeg' });
    expect(await screen.findByRole('button', { name: 'Use for Notes' })).toBeInTheDocument();
  });
});
