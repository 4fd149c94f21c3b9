using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>Every bit of an integer turned over. ONNX BitwiseNot.</summary>
public sealed record BitwiseNot : UnaryOp, IIntegerKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireInteger(0);
        return base.Infer(inputs);
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Integer(this);

    CpuKernel IIntegerKernel.Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Invoke(T x) => ~x;

        public static void Invoke<TSelf>(ReadOnlySpan<T> x, Span<T> y)
            where TSelf : IUnaryFunction<T, T> => TensorPrimitives.OnesComplement(x, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Every bit of an integer turned over.</summary>
    public Value BitwiseNot(Value x) => Apply(new BitwiseNot(), x);
}
