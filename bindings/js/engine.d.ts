/** The Emscripten glue that tools/build/wasm.mjs puts beside the compiled package. */

import type { EngineModuleFactory } from './core/engine-module.js';

declare const createEngineModule: EngineModuleFactory;
export default createEngineModule;
