using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>Which operators the vector kernels can apply to their results.</summary>
internal static class KernelActivation
{
    /// <summary>The kernels' name for an activation operator.</summary>
    public static bool TryGet(Op? op, out Activation activation)
    {
        Activation? known = op switch
        {
            null => Activation.None,
            Relu => ActivationKind.Relu,
            Clip clip => new Activation(ActivationKind.Clip, (float)clip.Low, (float)clip.High),
            LeakyRelu leaky => new Activation(ActivationKind.LeakyRelu, (float)leaky.Alpha),
            Elu elu => new Activation(ActivationKind.Elu, (float)elu.Alpha),
            Celu celu => new Activation(ActivationKind.Celu, (float)celu.Alpha),
            Selu => ActivationKind.Selu,
            Sigmoid => ActivationKind.Sigmoid,
            HardSigmoid hard => new Activation(ActivationKind.HardSigmoid, (float)hard.Alpha, (float)hard.Beta),
            Tanh => ActivationKind.Tanh,
            Softplus => ActivationKind.Softplus,
            Softsign => ActivationKind.Softsign,
            Exp => ActivationKind.Exp,
            Swish => ActivationKind.Silu,
            HardSwish => ActivationKind.HardSilu,
            Gelu gelu => gelu.Approximate ? ActivationKind.GeluTanh : ActivationKind.Gelu,
            Mish => ActivationKind.Mish,
            _ => (Activation?)null,
        };
        activation = known ?? Activation.None;
        return known is not null;
    }
}
