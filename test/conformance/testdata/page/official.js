// The official client. It is bundled when the test runs.
import * as official from '@forge/bridge';

globalThis.official = official;
