// Every screen in a process of its own, beside the journeys: axe keeps a core busy.
import './chapters/screens';
