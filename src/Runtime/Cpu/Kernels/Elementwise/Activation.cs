namespace KerasCompat.Runtime.Cpu.Kernels;

// Inside the namespace, so that these names come before the operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels.Functions;

/// <summary>The activations that kernels apply to their results before handing them on.</summary>
internal enum ActivationKind
{
    None,
    Relu,

    /// <summary>clip(x, Alpha, Beta): relu6, hard_tanh.</summary>
    Clip,

    /// <summary>Slope <see cref="Activation.Alpha"/> below zero.</summary>
    LeakyRelu,

    /// <summary>Alpha · (e^x − 1) below zero.</summary>
    Elu,
    Selu,

    /// <summary>Alpha · (e^(x/Alpha) − 1) below zero.</summary>
    Celu,
    Sigmoid,

    /// <summary>clip(Alpha·x + Beta, 0, 1).</summary>
    HardSigmoid,
    Tanh,
    Softplus,
    Softsign,
    Exp,
    Silu,
    HardSilu,
    Gelu,
    GeluTanh,
    Mish,

    /// <summary>Alpha · x + Beta.</summary>
    Affine,
}

/// <summary>An activation with its constants, applied in place to a row while it is still in cache.</summary>
internal readonly unsafe record struct Activation(ActivationKind Kind, float Alpha = 0f, float Beta = 0f)
{
    public static Activation None => default;

    public static Activation Relu6 => new(ActivationKind.Clip, 0f, 6f);

    /// <summary>Keras 1 and 2: clip(0.2·x + 0.5, 0, 1).</summary>
    public static Activation HardSigmoidKeras2 => new(ActivationKind.HardSigmoid, 0.2f, 0.5f);

    /// <summary>Keras 3: clip(x/6 + 0.5, 0, 1).</summary>
    public static Activation HardSigmoidKeras3 => new(ActivationKind.HardSigmoid, 1f / 6f, 0.5f);

    public static implicit operator Activation(ActivationKind kind) => new(kind);

    public void Apply(Span<float> values)
    {
        fixed (float* x = values)
        {
            Apply(x, values.Length);
        }
    }

    public void Apply(float* x, nint count)
    {
        switch (Kind)
        {
            case ActivationKind.None:
                break;
            case ActivationKind.Relu:
                VectorMath.Map(default(Relu), x, x, count);
                break;
            case ActivationKind.Clip:
                VectorMath.Map(new Clip(Alpha, Beta), x, x, count);
                break;
            case ActivationKind.LeakyRelu:
                VectorMath.Map(new LeakyRelu(Alpha), x, x, count);
                break;
            case ActivationKind.Elu:
                VectorMath.Map(new Elu(Alpha), x, x, count);
                break;
            case ActivationKind.Selu:
                VectorMath.Map(default(Selu), x, x, count);
                break;
            case ActivationKind.Celu:
                VectorMath.Map(new Elu(Alpha, Alpha), x, x, count);
                break;
            case ActivationKind.Sigmoid:
                VectorMath.Map(default(Sigmoid), x, x, count);
                break;
            case ActivationKind.HardSigmoid:
                VectorMath.Map(new HardSigmoid(Alpha, Beta), x, x, count);
                break;
            case ActivationKind.Tanh:
                VectorMath.Map(default(Tanh), x, x, count);
                break;
            case ActivationKind.Softplus:
                VectorMath.Map(default(Softplus), x, x, count);
                break;
            case ActivationKind.Softsign:
                VectorMath.Map(default(Softsign), x, x, count);
                break;
            case ActivationKind.Exp:
                VectorMath.Map(default(Exp), x, x, count);
                break;
            case ActivationKind.Silu:
                VectorMath.Map(default(Silu), x, x, count);
                break;
            case ActivationKind.HardSilu:
                VectorMath.Map(default(HardSilu), x, x, count);
                break;
            case ActivationKind.Gelu:
                VectorMath.Map(default(Gelu), x, x, count);
                break;
            case ActivationKind.GeluTanh:
                VectorMath.Map(default(GeluTanh), x, x, count);
                break;
            case ActivationKind.Mish:
                VectorMath.Map(default(Mish), x, x, count);
                break;
            case ActivationKind.Affine:
                VectorMath.Map(new Affine(Alpha, Beta), x, x, count);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "Not an activation.");
        }
    }
}
