package org.etalon.savedmodels.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Turns stored blocks into float32 values. Products and sums are taken in the order of llama.cpp's
 * reference in {@code ggml-quants.c}, so results agree bit for bit. In the formulas d is a block's
 * scale, m its minimum, q a stored integer.
 */
final class Dequantiser {
  private static final int SMALL = 32;
  private static final int SUPER = 256;

  private final ByteBuffer in;
  private final float[] out;

  private Dequantiser(ByteBuffer in, float[] out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Reads whole blocks from a buffer's start to its end.
   *
   * @param to index of the first value in {@code values}
   */
  static void read(GgufType type, ByteBuffer blocks, float[] values, int to) {
    ByteBuffer in = blocks.slice().order(ByteOrder.LITTLE_ENDIAN);
    Dequantiser reader = new Dequantiser(in, values);
    if (type == GgufType.F32) {
      in.asFloatBuffer().get(values, to, in.remaining() / Float.BYTES);
      return;
    }
    int count = in.remaining() / type.blockBytes();
    for (int block = 0; block < count; block++) {
      reader.block(type, block * type.blockBytes(), to + block * type.blockSize());
    }
  }

  private void block(GgufType type, int at, int to) {
    switch (type) {
      case F32 -> out[to] = in.getFloat(at);
      case F16 -> out[to] = half(at);
      case BF16 -> out[to] = Float.intBitsToFloat(in.getShort(at) << 16);
      case Q4_0 -> symmetric(at, to, at + 2, 0, 8);
      case Q4_1 -> affine(at, to, at + 4, 0);
      case Q5_0 -> symmetric(at, to, at + 6, in.getInt(at + 2), 16);
      case Q5_1 -> affine(at, to, at + 8, in.getInt(at + 4));
      case Q8_0 -> eightBits(at, to);
      case Q2_K -> twoBitsK(at, to);
      case Q3_K -> threeBitsK(at, to);
      case Q4_K -> affineK(at, to, at + 16, -1);
      case Q5_K -> affineK(at, to, at + 48, at + 16);
      case Q6_K -> sixBitsK(at, to);
    }
  }

  /** d·(q − zero); {@code high} holds each value's fifth bit. */
  private void symmetric(int at, int to, int nibbles, int high, int zero) {
    float d = half(at);
    for (int i = 0; i < SMALL; i++) {
      out[to + i] = d * (small(nibbles, high, i) - zero);
    }
  }

  /** d·q + m. */
  private void affine(int at, int to, int nibbles, int high) {
    float d = half(at);
    float m = half(at + 2);
    for (int i = 0; i < SMALL; i++) {
      out[to + i] = d * small(nibbles, high, i) + m;
    }
  }

  /** Values 0 to 15 lie in the low halves of 16 bytes, values 16 to 31 in the high halves. */
  private int small(int nibbles, int high, int i) {
    int low = i < 16 ? in.get(nibbles + i) & 0xf : u8(nibbles + i - 16) >>> 4;
    return low | (((high >>> i) & 1) << 4);
  }

  private void eightBits(int at, int to) {
    float d = half(at);
    for (int i = 0; i < SMALL; i++) {
      out[to + i] = in.get(at + 2 + i) * d;
    }
  }

  /**
   * d·s·q − dmin·m over eight sub-blocks of 32 with six-bit s and m.
   *
   * @param fifth place of the 32 bytes whose bit b is the fifth bit of sub-block b, or −1
   */
  private void affineK(int at, int to, int nibbles, int fifth) {
    float d = half(at);
    float dmin = half(at + 2);
    int scales = at + 4;
    for (int sub = 0; sub < 8; sub++) {
      float scale = d * scaleK(scales, sub);
      float min = dmin * minK(scales, sub);
      for (int i = 0; i < SMALL; i++) {
        int q = (u8(nibbles + sub / 2 * SMALL + i) >>> (4 * (sub % 2))) & 0xf;
        if (fifth >= 0) {
          q |= ((u8(fifth + i) >>> sub) & 1) << 4;
        }
        out[to + sub * SMALL + i] = scale * q - min;
      }
    }
  }

  /** Six bits: whole in bytes 0–3 for the first four, split over bytes 8–11 and 0–3 after. */
  private int scaleK(int scales, int sub) {
    return sub < 4
        ? u8(scales + sub) & 0x3f
        : (u8(scales + sub + 4) & 0xf) | ((u8(scales + sub - 4) >>> 2) & 0x30);
  }

  private int minK(int scales, int sub) {
    return sub < 4
        ? u8(scales + sub + 4) & 0x3f
        : (u8(scales + sub + 4) >>> 4) | ((u8(scales + sub) >>> 2) & 0x30);
  }

  /** d·s·(q − 32) over sixteen sub-blocks of 16; q has four low bits and two high ones. */
  private void sixBitsK(int at, int to) {
    float d = half(at + 208);
    for (int i = 0; i < SUPER; i++) {
      int side = i / 128;
      int row = i % 128 / 32;
      int column = i % 32;
      int low = (u8(at + side * 64 + row % 2 * 32 + column) >>> (row / 2 * 4)) & 0xf;
      int high = (u8(at + 128 + side * 32 + column) >>> (2 * row)) & 3;
      float scale = d * in.get(at + 192 + i / 16);
      out[to + i] = scale * ((low | (high << 4)) - 32);
    }
  }

  /** d·s·q − dmin·m over sixteen sub-blocks of 16; s and m are the halves of one byte. */
  private void twoBitsK(int at, int to) {
    float d = half(at + 80);
    float dmin = half(at + 82);
    for (int i = 0; i < SUPER; i++) {
      int both = u8(at + i / 16);
      int q = twoBits(at + 16, i);
      out[to + i] = d * (both & 0xf) * q - dmin * (both >>> 4);
    }
  }

  /**
   * d·(s − 32)·q over sixteen sub-blocks of 16; q is two bits, less 4 where the mask has no bit.
   */
  private void threeBitsK(int at, int to) {
    float d = half(at + 108);
    for (int i = 0; i < SUPER; i++) {
      int sub = i / 16;
      int low = (u8(at + 96 + sub % 8) >>> (sub / 8 * 4)) & 0xf;
      int high = (u8(at + 104 + sub % 4) >>> (sub / 4 * 2)) & 3;
      float scale = d * ((low | (high << 4)) - 32);
      int masked = (u8(at + i % 32) >>> (i / 32)) & 1;
      out[to + i] = scale * (twoBits(at + 32, i) - (masked == 1 ? 0 : 4));
    }
  }

  private int twoBits(int from, int i) {
    return (u8(from + i / 128 * 32 + i % 32) >>> (i % 128 / 32 * 2)) & 3;
  }

  private int u8(int at) {
    return in.get(at) & 0xff;
  }

  private float half(int at) {
    return Half.toFloat(in.getShort(at));
  }
}
