/** Whether the command palette is open. */

class PaletteModel {
  open = $state(false);

  show(): void {
    this.open = true;
  }
}

export const palette = new PaletteModel();
