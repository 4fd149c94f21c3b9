using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where both are true. ONNX And.</summary>
public sealed record And : BinaryOp
{
    /// <inheritdoc/>
    protected override void RequireType(OpInference inputs) => inputs.RequireBool(0);

    internal override CpuKernel Bind(CpuBinding binding) => Broadcast.Kernel<byte, byte, Function>(binding);

    private readonly struct Function : IBinaryFunction<byte, byte>
    {
        public static byte Invoke(byte a, byte b) => (byte)(a & b);

        public static void Invoke<TSelf>(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> y)
            where TSelf : IBinaryFunction<byte, byte> => TensorPrimitives.BitwiseAnd(a, b, y);

        public static void Invoke<TSelf>(ReadOnlySpan<byte> a, byte b, Span<byte> y)
            where TSelf : IBinaryFunction<byte, byte> => TensorPrimitives.BitwiseAnd(a, b, y);

        public static void Invoke<TSelf>(byte a, ReadOnlySpan<byte> b, Span<byte> y)
            where TSelf : IBinaryFunction<byte, byte> => TensorPrimitives.BitwiseAnd(b, a, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>True where both are true. Shapes broadcast.</summary>
    public Value And(Value a, Value b) => Apply(new And(), a, b);
}
