// How a call sounds and how its keys travel: files and requests, or WebRTC as on a telephone line.
import * as api from './api.mjs';

/** Frequencies of the keys (ITU-T Q.23), so that one hears oneself press. */
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = '123456789*0#';

/** How long a key sounds in the caller's own ear, in seconds. */
const BLIP = 0.12;

/** The caller's own ear: sounds of keys, and what is said where it comes as files. */
class Ear {
  #audio = new AudioContext();
  /** @type {AudioBufferSourceNode | undefined} */
  #said;
  #playing = new AbortController();

  /** @param {string} key */
  blip(key) {
    const at = KEYS.indexOf(key);
    const gain = new GainNode(this.#audio, { gain: 0.04 });
    gain.connect(this.#audio.destination);
    for (const frequency of [ROWS[Math.floor(at / 3)], COLUMNS[at % 3]]) {
      const tone = new OscillatorNode(this.#audio, { frequency });
      tone.connect(gain);
      tone.start();
      tone.stop(this.#audio.currentTime + BLIP);
    }
  }

  /** @param {string} address replaces what is being said */
  async say(address) {
    this.hush();
    const { signal } = this.#playing;
    try {
      const buffer = await this.#audio.decodeAudioData(await api.sound(address, signal));
      if (signal.aborted) return;
      this.#said = new AudioBufferSourceNode(this.#audio, { buffer });
      this.#said.connect(this.#audio.destination);
      this.#said.start();
    } catch {
      // What is said is read on the screen.
    }
  }

  hush() {
    this.#playing.abort();
    this.#playing = new AbortController();
    this.#said?.stop();
    this.#said = undefined;
  }

  close() {
    this.hush();
    void this.#audio.close();
  }

  /** A voice that says nothing: a browser sends keys only beside a sound, and none is asked for. */
  silence() {
    const line = this.#audio.createMediaStreamDestination();
    // Nothing is sent of a voice that has no source.
    const source = new ConstantSourceNode(this.#audio, { offset: 0 });
    source.connect(line);
    source.start();
    return line.stream;
  }
}

/** Keys by requests, one after the other, and what is said as files. */
class FileVoice {
  #last = Promise.resolve();

  /** @param {Ear} ear */
  constructor(ear) {
    this.ear = ear;
  }

  /** @param {string} call @param {string} key */
  press(call, key) {
    this.#last = this.#last.then(() => api.press(call, key)).then(
      () => undefined,
      () => undefined, // the call tells when it is over
    );
  }

  /** @param {string} address */
  said(address) {
    void this.ear.say(address);
  }

  hushed() {
    this.ear.hush();
  }

  close() {
    this.ear.close();
  }
}

/** How long a key sounds on the line, and the pause after it, in milliseconds. */
const TONE = 100;
const GAP = 70;

/** The sound of WebRTC, with keys as telephone events or, where there are none, by a data channel. */
class LineVoice {
  #sounding = false;
  /** Keys pressed while others sound. */
  #waiting = '';

  /** @param {Ear} ear @param {RTCPeerConnection} peer @param {RTCDataChannel} channel */
  constructor(ear, peer, channel) {
    this.ear = ear;
    this.peer = peer;
    this.channel = channel;
    this.speaker = new Audio();
    peer.addEventListener('track', ({ streams, track }) => {
      this.speaker.srcObject = streams[0] ?? new MediaStream([track]);
      void this.speaker.play().catch(() => undefined); // what is said is read on the screen
    });
  }

  /** @param {string} _call @param {string} key */
  press(_call, key) {
    this.#waiting += key;
    this.#sound();
  }

  // What sounds is never added to: the browser takes from its buffer meanwhile, and a key
  // read there and gone by the time it is written back would be pressed twice.
  #sound() {
    if (this.#sounding || this.#waiting === '') return;
    const keys = this.#waiting;
    const dtmf = this.peer.getSenders()[0]?.dtmf;
    if (dtmf?.canInsertDTMF) {
      dtmf.ontonechange = ({ tone }) => {
        if (tone !== '') return;
        this.#sounding = false;
        this.#sound();
      };
      this.#sounding = true;
      dtmf.insertDTMF(keys, TONE, GAP);
    } else if (this.channel.readyState === 'open') {
      for (const key of keys) this.channel.send(key);
    }
    this.#waiting = '';
  }

  said() {}

  hushed() {}

  close() {
    this.speaker.srcObject = null;
    this.peer.close();
    this.ear.close();
  }
}

/** @typedef {FileVoice | LineVoice} Voice */

/**
 * Calls the line, by WebRTC where both sides can.
 * @param {string} number
 * @param {boolean} withheld
 * @param {boolean} webrtc
 * @returns {Promise<{ id: string, voice: Voice }>}
 */
export async function connect(number, withheld, webrtc) {
  const ear = new Ear();
  try {
    if (webrtc && 'RTCPeerConnection' in window) {
      const joined = await join(ear, number, withheld).catch(() => null);
      if (joined) return joined;
    }
    const { id } = await api.dial(number, { withheld });
    return { id, voice: new FileVoice(ear) };
  } catch (cause) {
    ear.close();
    throw cause;
  }
}

/** How long an offer waits for its addresses, and then for the line, in milliseconds. */
const GATHER = 2000;
const JOIN = 5000;

/** @param {Ear} ear @param {string} number @param {boolean} withheld */
async function join(ear, number, withheld) {
  const peer = new RTCPeerConnection();
  try {
    const voice = new LineVoice(ear, peer, peer.createDataChannel('keys'));
    const stream = ear.silence();
    const track = stream.getAudioTracks()[0];
    if (!track) throw new Error('no track');
    peer.addTrack(track, stream);
    const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
    const wanted = codecs.filter(({ mimeType, clockRate }) => /^audio\/(PCMU|telephone-event)$/i.test(mimeType) && clockRate === 8000);
    peer.getTransceivers()[0]?.setCodecPreferences(wanted);
    await peer.setLocalDescription();
    await gathered(peer);
    const { id, sdp } = await api.dial(number, { withheld, sdp: peer.localDescription?.sdp ?? '' });
    try {
      await peer.setRemoteDescription({ type: 'answer', sdp: sdp ?? '' });
      await joined(peer);
    } catch (cause) {
      await api.hangUp(`/phone/${number}/call/${id}`);
      throw cause;
    }
    return { id, voice };
  } catch (cause) {
    peer.close();
    throw cause;
  }
}

/** @param {RTCPeerConnection} peer */
function gathered(peer) {
  return new Promise((done) => {
    setTimeout(done, GATHER);
    const look = () => peer.iceGatheringState === 'complete' && done(undefined);
    peer.addEventListener('icegatheringstatechange', look);
    look();
  });
}

/** @param {RTCPeerConnection} peer */
function joined(peer) {
  return new Promise((done, broken) => {
    setTimeout(() => broken(new Error('not connected')), JOIN);
    const look = () => {
      if (peer.connectionState === 'connected') done(undefined);
      else if (peer.connectionState === 'failed') broken(new Error('failed'));
    };
    peer.addEventListener('connectionstatechange', look);
    look();
  });
}
