using KerasCompat.Runtime;

namespace KerasCompat.OnnxRuntime;

/// <summary>The numbers of ONNXTensorElementDataType.</summary>
internal static class OrtElementType
{
    private static readonly (DType Type, int Number)[] Table =
    [
        (DType.Float32, 1), (DType.UInt8, 2), (DType.Int8, 3), (DType.UInt16, 4), (DType.Int16, 5), (DType.Int32, 6), (DType.Int64, 7),
        (DType.String, 8), (DType.Bool, 9), (DType.Float16, 10), (DType.Float64, 11), (DType.UInt32, 12), (DType.UInt64, 13), (DType.BFloat16, 16),
    ];

    public static int Of(DType type) => Table.First(t => t.Type == type).Number;

    public static DType Read(int number) => Table.First(t => t.Number == number).Type;
}
