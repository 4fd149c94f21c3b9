using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime;

/// <summary>What holds for all operators that take indices: they are int64, and negative ones count from the end.</summary>
internal static class IndexRules
{
    public static void RequireInt64(this OpInference inputs, int input)
    {
        if (inputs.DType(input) != DType.Int64)
        {
            throw inputs.Fail($"indices of {inputs.DType(input).Name()}", "indices of int64");
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">The index is outside the axis.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Resolve(long index, int size)
    {
        long at = index < 0 ? index + size : index;
        if ((ulong)at >= (ulong)size)
        {
            Throw(index, size);
        }

        return (int)at;
    }

    [DoesNotReturn]
    private static void Throw(long index, int size) =>
        throw new ArgumentOutOfRangeException(nameof(index), $"Index {index} is outside 0 to {size - 1}.");
}

public sealed partial class GraphBuilder
{
    private Value Indices(Value x) => Cast(x, DType.Int64);
}
