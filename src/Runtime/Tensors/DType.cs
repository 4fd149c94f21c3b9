namespace KerasCompat.Runtime;

/// <summary>The element types of tensors. Names are numpy's, in .NET's casing.</summary>
public enum DType : byte
{
    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>IEEE 754 double precision.</summary>
    Float64,

    /// <summary>IEEE 754 half precision.</summary>
    Float16,

    /// <summary>The upper half of a single: 8 bits of exponent, 7 of mantissa.</summary>
    BFloat16,

    /// <summary>8-bit signed integer.</summary>
    Int8,

    /// <summary>16-bit signed integer.</summary>
    Int16,

    /// <summary>32-bit signed integer.</summary>
    Int32,

    /// <summary>64-bit signed integer.</summary>
    Int64,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8,

    /// <summary>16-bit unsigned integer.</summary>
    UInt16,

    /// <summary>32-bit unsigned integer.</summary>
    UInt32,

    /// <summary>64-bit unsigned integer.</summary>
    UInt64,

    /// <summary>True or false, one byte each.</summary>
    Bool,

    /// <summary>Unicode text.</summary>
    String,
}

/// <summary>What can be asked of a <see cref="DType"/>.</summary>
public static class DTypes
{
    private static readonly (string Name, int Size, Type Clr)[] Table =
    [
        ("float32", 4, typeof(float)),
        ("float64", 8, typeof(double)),
        ("float16", 2, typeof(Half)),
        ("bfloat16", 2, typeof(BFloat16)),
        ("int8", 1, typeof(sbyte)),
        ("int16", 2, typeof(short)),
        ("int32", 4, typeof(int)),
        ("int64", 8, typeof(long)),
        ("uint8", 1, typeof(byte)),
        ("uint16", 2, typeof(ushort)),
        ("uint32", 4, typeof(uint)),
        ("uint64", 8, typeof(ulong)),
        ("bool", 1, typeof(bool)),
        ("string", 0, typeof(string)),
    ];

    /// <summary>Keras's name of the type: <c>float32</c>.</summary>
    public static string Name(this DType type) => Table[(int)type].Name;

    /// <summary>Bytes an element takes; 0 for text.</summary>
    public static int Size(this DType type) => Table[(int)type].Size;

    /// <summary>The .NET type of an element.</summary>
    public static Type ClrType(this DType type) => Table[(int)type].Clr;

    /// <summary>True for float32, float64, float16 and bfloat16.</summary>
    public static bool IsFloating(this DType type) => type <= DType.BFloat16;

    /// <summary>True for float16 and bfloat16.</summary>
    public static bool IsHalfWidth(this DType type) => type is DType.Float16 or DType.BFloat16;

    /// <summary>True for the signed and unsigned integers; not for bool.</summary>
    public static bool IsInteger(this DType type) => type is >= DType.Int8 and <= DType.UInt64;

    /// <summary>True for the unsigned integers.</summary>
    public static bool IsUnsigned(this DType type) => type is >= DType.UInt8 and <= DType.UInt64;

    /// <summary>Reads Keras's or numpy's name of a type.</summary>
    public static bool TryParse(string name, out DType type)
    {
        for (int i = 0; i < Table.Length; i++)
        {
            if (Table[i].Name == name)
            {
                type = (DType)i;
                return true;
            }
        }

        type = default;
        return false;
    }

    /// <summary>The type whose elements are <typeparamref name="T"/>.</summary>
    /// <exception cref="ArgumentException">No tensor has such elements.</exception>
    public static DType Of<T>()
    {
        for (int i = 0; i < Table.Length; i++)
        {
            if (Table[i].Clr == typeof(T))
            {
                return (DType)i;
            }
        }

        throw new ArgumentException($"No tensor has elements of type {typeof(T)}.");
    }
}
