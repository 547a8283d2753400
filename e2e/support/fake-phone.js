// A browser without ways to devices, with a sheet of apps and a print window, both of
// which only keep what they were given in window.fakePhone.
(() => {
  for (const name of ['serial', 'usb', 'bluetooth', 'hid']) Reflect.deleteProperty(Navigator.prototype, name);
  const phone = { given: [], printed: 0 };
  window.fakePhone = phone;
  const define = (name, value) => Object.defineProperty(navigator, name, { configurable: true, value });
  define('canShare', () => true);
  define('share', async ({ files }) => void phone.given.push(...files.map(({ name, type, size }) => `${name} ${type} ${size > 1000 ? 'full' : 'empty'}`)));
  window.print = () => void (phone.printed += 1);
})();
