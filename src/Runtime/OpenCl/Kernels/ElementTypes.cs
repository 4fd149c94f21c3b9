using System.Globalization;
using System.Runtime.InteropServices;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Types of elements in OpenCL C: their names, loads, stores and literals.</summary>
internal static class ElementTypes
{
    /// <summary>The type in which a type is computed: 16-bit floats as float32, small integers as int64.</summary>
    public static DType Widened(DType type) => type switch
    {
        DType.Float16 or DType.BFloat16 => DType.Float32,
        DType.Int8 or DType.Int16 or DType.UInt8 or DType.UInt16 or DType.UInt32 => DType.Int64,
        _ => type,
    };

    /// <summary>OpenCL's name of the type in which a type is computed.</summary>
    public static string TypeName(DType type) => Widened(type) switch
    {
        DType.Float32 => "float",
        DType.Float64 => "double",
        DType.Int32 => "int",
        DType.Int64 => "long",
        DType.UInt64 => "ulong",
        _ => "uchar",
    };

    /// <summary>OpenCL's name of the type in which a type is stored.</summary>
    public static string StorageName(DType type) => type switch
    {
        DType.Float16 => "half",
        DType.BFloat16 or DType.UInt16 => "ushort",
        DType.Int8 => "char",
        DType.Int16 => "short",
        DType.UInt32 => "uint",
        DType.UInt8 => "uchar",
        _ => TypeName(type),
    };

    /// <summary>OpenCL's name of a type of that many bytes, for moving elements.</summary>
    public static string BitsName(DType type) => type.Size() switch
    {
        1 => "uchar",
        2 => "ushort",
        4 => "uint",
        _ => "ulong",
    };

    public static string Load(DType type, string buffer, string index) => type switch
    {
        DType.Float16 => $"vload_half({index}, {buffer})",
        DType.BFloat16 => $"as_float((uint){buffer}[{index}] << 16)",
        _ => $"{buffer}[{index}]",
    };

    public static string Store(DType type, string buffer, string index, string value) => type switch
    {
        DType.Float16 => $"vstore_half_rte({value}, {index}, {buffer});",
        DType.BFloat16 => $"{buffer}[{index}] = round_bfloat16({value});",
        _ => $"{buffer}[{index}] = ({StorageName(type)})({value});",
    };

    /// <summary>A number as a literal of a type.</summary>
    public static string Literal(double value, DType type)
    {
        if (Widened(type) is not (DType.Float32 or DType.Float64))
        {
            return $"({TypeName(type)}){value.ToString("F0", CultureInfo.InvariantCulture)}L";
        }

        bool isFloat = Widened(type) == DType.Float32;
        if (double.IsNaN(value) || double.IsInfinity(value) || (isFloat && float.IsInfinity((float)value)))
        {
            return double.IsNaN(value) ? $"(({TypeName(type)})NAN)" : value > 0 ? $"(({TypeName(type)})INFINITY)" : $"(-({TypeName(type)})INFINITY)";
        }

        string digits = isFloat ? ((float)value).ToString("E8", CultureInfo.InvariantCulture) + "f" : value.ToString("E16", CultureInfo.InvariantCulture);
        return digits[0] == '-' ? $"({digits})" : digits;
    }

    /// <summary>A number as an element of a type, its bits at the low end.</summary>
    public static ulong Bits(double value, DType type)
    {
        ulong bits = 0;
        Tensor.Scalar(value).Cast(type).Bytes.CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref bits)));
        return bits;
    }
}
