using KerasCompat.Runtime;

namespace KerasCompat.Containers;

/// <summary>TensorFlow's element types by their numbers.</summary>
/// <remarks>TensorFlow, <c>core/framework/types.proto</c>.</remarks>
internal static class TensorFlowTypes
{
    private static readonly Dictionary<int, DType> Known = new()
    {
        [1] = DType.Float32,
        [2] = DType.Float64,
        [3] = DType.Int32,
        [4] = DType.UInt8,
        [5] = DType.Int16,
        [6] = DType.Int8,
        [7] = DType.String,
        [9] = DType.Int64,
        [10] = DType.Bool,
        [14] = DType.BFloat16,
        [17] = DType.UInt16,
        [19] = DType.Float16,
        [22] = DType.UInt32,
        [23] = DType.UInt64,
    };

    private static readonly Dictionary<int, string> Others = new()
    {
        [8] = "complex64",
        [11] = "qint8",
        [12] = "quint8",
        [13] = "qint32",
        [15] = "qint16",
        [16] = "quint16",
        [18] = "complex128",
        [20] = "resource",
        [21] = "variant",
        [24] = "float8_e5m2",
        [25] = "float8_e4m3fn",
        [29] = "int4",
        [30] = "uint4",
    };

    /// <exception cref="UnsupportedModelException">Tensors of this type cannot be held.</exception>
    public static DType Of(int number, string place) => Known.TryGetValue(number, out DType type)
        ? type
        : throw new UnsupportedModelException(place, $"elements of TensorFlow's type {Others.GetValueOrDefault(number, $"number {number}")}", "real numbers, truth values or texts");
}
