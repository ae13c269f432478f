package dev.landbridge;

import java.math.BigInteger;

/** Numbers, characters and texts. */
final class WitScalars {
    private WitScalars() {}

    private static final BigInteger MAX_U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    /** The one of a type; null if it is none of these. */
    static WitCodec of(int sort) {
        return switch (sort) {
            case WitType.BOOL -> new Bool();
            case WitType.S8 -> new S8();
            case WitType.U8 -> new U8();
            case WitType.S16 -> new S16();
            case WitType.U16 -> new U16();
            case WitType.S32 -> new S32();
            case WitType.U32 -> new U32();
            case WitType.S64 -> new S64();
            case WitType.U64 -> new U64();
            case WitType.F32 -> new F32();
            case WitType.F64 -> new F64();
            case WitType.CHAR -> new Char();
            case WitType.STRING -> new Text();
            default -> null;
        };
    }

    /** An integer of any class, if it fits. */
    private static long integer(Object value, String type, long least, long most) {
        long number;
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            number = ((Number) value).longValue();
        } else if (value instanceof BigInteger big) {
            if (big.bitLength() > 63) {
                throw Wrong.unfit(big, type);
            }
            number = big.longValue();
        } else {
            throw Wrong.other(type, value);
        }
        if (number < least || number > most) {
            throw Wrong.unfit(number, type);
        }
        return number;
    }

    private static final class Bool extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            if (!(value instanceof Boolean it)) {
                throw Wrong.other("bool", value);
            }
            to.putByte(it ? 1 : 0);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getByte() != 0;
        }
    }

    private static final class S8 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            to.putByte(value instanceof Byte it ? it : (int) integer(value, "s8", Byte.MIN_VALUE, Byte.MAX_VALUE));
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return (byte) from.getByte();
        }
    }

    private static final class U8 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            to.putByte((int) integer(value, "u8", 0, 0xff));
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getByte() & 0xff;
        }
    }

    private static final class S16 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            to.putShort((int) integer(value, "s16", Short.MIN_VALUE, Short.MAX_VALUE));
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getShort();
        }
    }

    private static final class U16 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            to.putShort((int) integer(value, "u16", 0, 0xffff));
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getShort() & 0xffff;
        }
    }

    private static final class S32 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            to.putInt(
                    value instanceof Integer it
                            ? it
                            : (int) integer(value, "s32", Integer.MIN_VALUE, Integer.MAX_VALUE));
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getInt();
        }
    }

    private static final class U32 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            to.putInt((int) integer(value, "u32", 0, 0xffff_ffffL));
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getInt() & 0xffff_ffffL;
        }
    }

    private static final class S64 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            to.putLong(value instanceof Long it ? it : integer(value, "s64", Long.MIN_VALUE, Long.MAX_VALUE));
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getLong();
        }
    }

    /** A long has its bits; every other class has its value. */
    private static final class U64 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            to.putLong(value instanceof Long it ? it : wide(value));
        }

        private static long wide(Object value) {
            if (value instanceof BigInteger big) {
                if (big.signum() < 0 || big.compareTo(MAX_U64) > 0) {
                    throw Wrong.unfit(big, "u64");
                }
                return big.longValue();
            }
            return integer(value, "u64", 0, Long.MAX_VALUE);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getLong();
        }
    }

    /** The same for who wants the value. */
    static final class BigU64 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            to.putLong(U64.wide(value));
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return new BigInteger(Long.toUnsignedString(from.getLong()));
        }
    }

    private static final class F32 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            boolean isExact = value instanceof Float || value instanceof Short || value instanceof Byte;
            if (!isExact) {
                throw Wrong.other("f32", value);
            }
            to.putInt(Float.floatToRawIntBits(((Number) value).floatValue()));
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return Float.intBitsToFloat(from.getInt());
        }
    }

    private static final class F64 extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            boolean isExact = value instanceof Double
                    || value instanceof Float
                    || value instanceof Integer
                    || value instanceof Short
                    || value instanceof Byte;
            if (!isExact) {
                throw Wrong.other("f64", value);
            }
            to.putLong(Double.doubleToRawLongBits(((Number) value).doubleValue()));
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return Double.longBitsToDouble(from.getLong());
        }
    }

    /** A code point, or a char that is one. */
    private static final class Char extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            int point;
            if (value instanceof Character it) {
                point = it;
            } else if (value instanceof Integer it) {
                point = it;
            } else {
                throw Wrong.other("char", value);
            }
            boolean isSurrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            if (!Character.isValidCodePoint(point) || isSurrogate) {
                throw Wrong.unfit("0x" + Integer.toHexString(point), "char");
            }
            to.putInt(point);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getInt();
        }
    }

    private static final class Text extends WitCodec {
        @Override
        void write(WitFrame to, Object value, WitHome home) {
            if (!(value instanceof String it)) {
                throw Wrong.other("string", value);
            }
            to.putText(it);
        }

        @Override
        Object read(WitFrame from, WitHome home) {
            return from.getText();
        }
    }
}
