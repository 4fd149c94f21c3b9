using System.Numerics;

namespace KerasCompat.Text;

/// <summary>A dtype of numpy in a pickle: a boolean, integer or floating type of at most eight bytes. Its byte order comes after it.</summary>
internal sealed class PickledNumberType
{
    private readonly char _kind;
    private readonly int _size;
    private bool? _bigEndian;

    private PickledNumberType(char kind, int size) => (_kind, _size) = (kind, size);

    /// <summary>The type of a code: <c>b1</c>, <c>i1</c> to <c>i8</c>, <c>u1</c> to <c>u8</c>, <c>f2</c> to <c>f8</c>; null for every other.</summary>
    public static PickledNumberType? Of(string code) => code is "b1" or "i1" or "i2" or "i4" or "i8" or "u1" or "u2" or "u4" or "u8" or "f2" or "f4" or "f8"
        ? new PickledNumberType(code[0], code[1] - '0')
        : null;

    /// <summary>Takes the state that <c>dtype.__reduce__</c> gives: (version, byte order, subarray, names, fields, size, alignment, flags).</summary>
    public bool TryComplete(object?[] state)
    {
        if (state is not [3L or 4L, "<" or ">" or "|", null, null, null, -1L, -1L, 0L, ..])
        {
            return false;
        }

        _bigEndian = state[1] is ">";
        return true;
    }

    /// <summary>The number that bytes hold; null where their count is not the type's, or the byte order is not known.</summary>
    public object? Read(byte[] bytes)
    {
        if (bytes.Length != _size || _bigEndian is not { } bigEndian)
        {
            return null;
        }

        ulong bits = 0;
        for (int i = 0; i < _size; i++)
        {
            bits |= (ulong)bytes[bigEndian ? _size - 1 - i : i] << (8 * i);
        }

        return (_kind, _size) switch
        {
            ('b', _) => bits != 0,
            ('u', _) => bits <= long.MaxValue ? (long)bits : (object)new BigInteger(bits),
            ('i', _) => (long)(bits << (64 - (8 * _size))) >> (64 - (8 * _size)),
            (_, 2) => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            (_, 4) => (double)BitConverter.UInt32BitsToSingle((uint)bits),
            _ => BitConverter.UInt64BitsToDouble(bits),
        };
    }
}
