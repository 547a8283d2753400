import type { JSX } from 'preact';
import type { Product } from '../../../shared/api/types';

const TINTS = 5;
const tintOf = (id: string): number => [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % TINTS;

/** A product's picture, or its first syllable on a tint. Its name always stands beside it. */
export function Picture({ product: { id, name, picture } }: { product: Pick<Product, 'id' | 'name' | 'picture'> }): JSX.Element {
  if (picture) {
    return (
      <span class="product-picture">
        <img src={picture.small} alt="" width={240} height={240} loading="lazy" decoding="async" />
      </span>
    );
  }
  return (
    <span class={`product-picture tint-${tintOf(id)}`} aria-hidden="true">
      {[...name][0]}
    </span>
  );
}
