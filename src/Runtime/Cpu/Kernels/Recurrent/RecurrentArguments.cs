namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>What one run of a recurrent layer reads and writes. Strides are in floats; null pointers are absent.</summary>
internal unsafe struct RecurrentArguments
{
    public int Batch;
    public int Time;

    /// <summary>The input (batch, time, d). Not read when there is a <see cref="Table"/>.</summary>
    public float* X;
    public nint XBatchStride;
    public nint XTimeStride;

    /// <summary>A premultiplied embedding (<see cref="RecurrentWeights.Premultiply"/>) in place of the input.</summary>
    public float* Table;

    /// <summary>Rows of the table, (batch, time), each within it.</summary>
    public int* Tokens;

    /// <summary>(batch, time), 0 where a step is to be left out.</summary>
    public byte* Mask;

    /// <summary>Whether the last time step comes first. Outputs are in the order of processing.</summary>
    public bool Backwards;

    /// <summary>Whether outputs are stored in the opposite order: a backward layer's in the order of its input.</summary>
    public bool ReverseY;

    /// <summary>Whether a masked step's output is zeros; else it is the output before it, or zeros if there is none.</summary>
    public bool ZeroMasked;

    /// <summary>(batch, units), or null for zeros.</summary>
    public float* InitialHidden;

    /// <summary>(batch, units), or null for zeros; LSTM only.</summary>
    public float* InitialCell;

    /// <summary>All outputs (batch, time, units), or null.</summary>
    public float* Y;
    public nint YBatchStride;
    public nint YTimeStride;

    /// <summary>The last step's output (batch, units), or null.</summary>
    public float* LastOutput;

    /// <summary>The state at the end (batch, units), or null.</summary>
    public float* LastHidden;

    /// <summary>The cell state at the end (batch, units), or null; LSTM only.</summary>
    public float* LastCell;
}
