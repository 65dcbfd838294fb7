export { drawingResponse as loader } from '../art/drawings.server.ts'
