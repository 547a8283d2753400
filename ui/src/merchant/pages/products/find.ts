import type { Product } from '../../../shared/api/types';
import { holds, queryOf, searchable } from '../../../shared/text/choseong';
import type { Shelf } from '../../shelf';

/** A product with its name made ready for the search. */
interface Entry {
  product: Product;
  name: string;
}

export type Index = readonly Entry[];

/** Which part of the shelf is shown: all, the favourites, or a category by its id. */
export type Tab = '' | 'favourites' | (string & {});

/** Makes the products ready once for every key press of a search. */
export function indexOf(shelf: Shelf): Index {
  return shelf.products.map((product) => ({ product, name: searchable(product.name) }));
}

/** The products of a tab that a search finds: by name, by initials, or by the beginning of a barcode. */
export function find(index: Index, tab: Tab, search: string): Product[] {
  const query = queryOf(search);
  const code = /^\d{3,}$/.test(query) ? query : '';
  return index
    .filter(({ product, name }) => {
      if (tab === 'favourites' ? !product.favourite : tab !== '' && product.categoryId !== tab) return false;
      return holds(name, query) || (code !== '' && product.barcode?.startsWith(code) === true);
    })
    .map(({ product }) => product);
}
