/** A whole GIF image of one color; its comment makes one differ from another. */
export function gif(comment = '', width = 3, height = 2): Buffer {
  return Buffer.concat([
    Buffer.from('GIF89a'),
    Buffer.from([width & 0xff, width >> 8, height & 0xff, height >> 8]),
    Buffer.from([0x80, 0, 0, 0xff, 0xff, 0xff, 0, 0, 0]),
    comment ? Buffer.from([0x21, 0xfe, comment.length, ...Buffer.from(comment), 0]) : Buffer.of(),
    Buffer.from([0x2c, 0, 0, 0, 0, width & 0xff, width >> 8, height & 0xff, height >> 8, 0]),
    Buffer.from([2, 2, 0x84, 0x51, 0]),
    Buffer.from([0x3b]),
  ])
}
