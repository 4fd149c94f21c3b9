using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>An activation that the kernels do not know, computed in place.</summary>
internal delegate void SpanFunction(Span<float> values);

/// <summary>An activation of a recurrent layer: one that the kernels know, or any other.</summary>
internal readonly record struct GateFunction(Activation Known, SpanFunction? Other = null)
{
    public static implicit operator GateFunction(ActivationKind kind) => new(kind);

    public static implicit operator GateFunction(Activation activation) => new(activation);

    public void Apply(Span<float> values)
    {
        if (Other is null)
        {
            Known.Apply(values);
        }
        else
        {
            Other(values);
        }
    }
}

/// <summary>Any activation as a function of a register, by way of memory: right, and slower than a function in registers.</summary>
internal readonly unsafe struct ThroughMemory(GateFunction function) : IUnary
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    public V Apply<V>(V x)
        where V : struct, ILanes<V>
    {
        float* lanes = stackalloc float[V.Count];
        V.Store(x, lanes);
        function.Apply(new Span<float>(lanes, V.Count));
        return V.Load(lanes);
    }
}
