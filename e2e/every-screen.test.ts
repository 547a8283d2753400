// Every screen in a process of its own, beside the journeys: axe keeps a core busy. Node takes
// files by their names, so this long one is not the last.
import './chapters/screens';
