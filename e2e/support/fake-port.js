// A Bluetooth printer in a page: Web Serial as far as a printer needs it. Keeps what is
// written in window.fakePort.bytes; support/printing.ts says what can be set.
(() => {
  const KNOWN = 'fake.known';

  class Port extends EventTarget {
    connected = true;
    readable = null;
    #out;
    #writable = null;
    #open = false;

    getInfo() {
      return { bluetoothServiceClassId: '00001101-0000-1000-8000-00805f9b34fb' };
    }

    async open() {
      this.#open = true;
      this.readable = new ReadableStream({ start: (out) => void (this.#out = out) });
    }

    get writable() {
      if (!this.#open) return null;
      const done = () => void (this.#writable = null);
      this.#writable ??= new WritableStream({ write: (piece) => this.#take(piece), close: done, abort: done });
      return this.#writable;
    }

    async close() {
      this.#open = false;
      this.#writable = null;
      this.readable = null;
    }

    async #take(piece) {
      // As long as paper takes: whoever writes has to wait.
      await new Promise((taken) => setTimeout(taken, 5));
      const fake = window.fakePort;
      if (piece.length === 3 && piece[0] === 0x10) return this.#out.enqueue(Uint8Array.of(fake.status));
      const taken = [...piece].slice(0, fake.breaksAfter);
      fake.breaksAfter -= taken.length;
      fake.bytes.push(...taken);
      if (taken.length === piece.length) return;
      this.#open = false;
      this.dispatchEvent(new Event('disconnect'));
      throw new DOMException('The device has been lost.', 'NetworkError');
    }
  }

  const port = new Port();
  window.fakePort = { bytes: [], status: 0x12, breaksAfter: Infinity, asked: 0, port };
  const serial = Object.assign(new EventTarget(), {
    async requestPort() {
      window.fakePort.asked += 1;
      localStorage.setItem(KNOWN, 'yes');
      return port;
    },
    // What was allowed once stays allowed over a reload.
    getPorts: async () => (localStorage.getItem(KNOWN) ? [port] : []),
  });
  Object.defineProperty(navigator, 'serial', { configurable: true, value: serial });
})();
