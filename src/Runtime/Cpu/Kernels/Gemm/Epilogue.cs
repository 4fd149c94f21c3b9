namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>What happens to a product before it is handed on: C = activation(A·B [+ C] [+ bias] [+ residual]).</summary>
internal unsafe struct Epilogue
{
    /// <summary>One float a column, or null.</summary>
    public float* Bias;

    /// <summary>A matrix shaped as C, or null. It may be C itself.</summary>
    public float* Residual;

    /// <summary>Floats from one row of the residual to the next.</summary>
    public nint ResidualStride;

    /// <summary>Whether the product is added to what C holds.</summary>
    public bool Accumulate;

    public Activation Activation;

    /// <summary>The same for a part of C that begins at this row and column.</summary>
    public readonly Epilogue At(nint row, nint column)
    {
        Epilogue part = this;
        part.Bias = Bias == null ? null : Bias + column;
        part.Residual = Residual == null ? null : Residual + (row * ResidualStride) + column;
        return part;
    }

    /// <summary>Whether the activation only cuts values off, at these bounds: kernels do that while they store.</summary>
    public readonly bool IsClamp(out float low, out float high)
    {
        low = Activation.Kind == ActivationKind.Relu ? 0f : Activation.Alpha;
        high = Activation.Kind == ActivationKind.Relu ? float.PositiveInfinity : Activation.Beta;
        return Activation.Kind is ActivationKind.Relu or ActivationKind.Clip;
    }

    /// <summary>The activation that was not applied while storing, on a finished block of C.</summary>
    public readonly void Activate(float* c, nint stride, int rows, int columns)
    {
        if (Activation.Kind is ActivationKind.None or ActivationKind.Relu or ActivationKind.Clip)
        {
            return;
        }

        if (stride == columns)
        {
            Activation.Apply(c, (nint)rows * columns);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            Activation.Apply(c + (row * stride), columns);
        }
    }
}
