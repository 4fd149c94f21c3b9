using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where <c>x</c> is false. ONNX Not.</summary>
public sealed record Not : UnaryOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireBool(0);
        return base.Infer(inputs);
    }

    internal override CpuKernel Bind(CpuBinding binding) => ElementLoop.Kernel<byte, byte, Function>(binding);

    private readonly struct Function : IUnaryFunction<byte, byte>
    {
        public static byte Invoke(byte x) => (byte)(x ^ 1);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>True where <paramref name="x"/> is false.</summary>
    public Value Not(Value x) => Apply(new Not(), x);
}
