import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

/**
 * Styles of one element, set through the CSSOM. A `style` attribute, which is what Lit's own `styleMap` writes first, is
 * refused by the page's content security policy.
 */
class InlineStyle extends Directive {
  #set: readonly string[] = [];

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) {
      throw new Error('inlineStyle stands on the element itself.');
    }
  }

  render(_styles: Readonly<Record<string, string>>): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Readonly<Record<string, string>>]): typeof noChange {
    const element = part.element;
    if (element instanceof HTMLElement || element instanceof SVGElement) {
      for (const name of this.#set) {
        if (!(name in styles)) {
          element.style.removeProperty(name);
        }
      }
      for (const [name, value] of Object.entries(styles)) {
        element.style.setProperty(name, value);
      }
      this.#set = Object.keys(styles);
    }
    return noChange;
  }
}

/** `<div ${inlineStyle({ height: '12px' })}>`. Names are written as in CSS. */
export const inlineStyle = directive(InlineStyle);
