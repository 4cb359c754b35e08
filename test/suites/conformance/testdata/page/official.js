// The official client. The test bundles it.
import * as official from '@forge/bridge';

globalThis.official = official;
