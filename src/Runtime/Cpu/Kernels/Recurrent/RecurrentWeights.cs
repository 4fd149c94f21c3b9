namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The weights of a recurrent layer, rearranged for the step kernels: units in blocks of one register, in each block gate
/// after gate. Units missing in the last block are zeros; its recurrent weights may be a <see cref="NarrowBlock"/>.
/// </summary>
internal sealed unsafe class RecurrentWeights
{
    private readonly AlignedBuffer _inputBias;
    private readonly AlignedBuffer _recurrentBias;
    private readonly AlignedBuffer[] _recurrent;

    /// <summary>Rearranges Keras's kernel (d, g·u), recurrent kernel (u, g·u) and bias ((g·u), (2·g·u) for reset-after, or none).</summary>
    public RecurrentWeights(
        RecurrentKind kind, int inputSize, int units, ReadOnlySpan<float> kernel, ReadOnlySpan<float> recurrentKernel,
        ReadOnlySpan<float> bias)
    {
        Kind = kind;
        InputSize = inputSize;
        Units = units;
        Gates = kind switch { RecurrentKind.Simple => 1, RecurrentKind.Lstm => 4, _ => 3 };
        Set = KernelTable.Active;
        Lanes = KernelTable.Lanes(Set);
        Blocks = (units + Lanes - 1) / Lanes;
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, checked(inputSize * Gates * units));
        ArgumentOutOfRangeException.ThrowIfNotEqual(recurrentKernel.Length, checked(units * Gates * units));
        bool hasTwoBiases = kind == RecurrentKind.GruResetAfter && bias.Length == 2 * Gates * units;
        if (!bias.IsEmpty && !hasTwoBiases)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, Gates * units);
        }

        Input = PackInput(kernel);
        _inputBias = new AlignedBuffer(GateFloats);
        _recurrentBias = new AlignedBuffer(PaddedUnits);
        PackBias(bias, hasTwoBiases);

        // The candidate of a reset-before GRU needs the reset gate first: its weights are a product of their own.
        _recurrent = kind == RecurrentKind.GruResetBefore
            ? [PackRecurrent(recurrentKernel, 0, 2), PackRecurrent(recurrentKernel, 2, 1)]
            : [PackRecurrent(recurrentKernel, 0, Gates)];
    }

    public RecurrentKind Kind { get; }

    public KernelSet Set { get; }

    public int InputSize { get; }

    public int Units { get; }

    public int Gates { get; }

    /// <summary>Units in a block.</summary>
    public int Lanes { get; }

    public int Blocks { get; }

    public int PaddedUnits => Blocks * Lanes;

    /// <summary>Floats of a projected input: all blocks' gates.</summary>
    public int GateFloats => Blocks * Gates * Lanes;

    /// <summary>The input kernel, its columns in block order.</summary>
    public PackedMatrix Input { get; }

    /// <summary>Both biases where they are added before the activation anyway.</summary>
    public float* InputBias => _inputBias.Pointer;

    /// <summary>The candidate's recurrent bias of a reset-after GRU, which the reset gate multiplies.</summary>
    public float* RecurrentBias => _recurrentBias.Pointer;

    /// <summary>Recurrent weights: blocks, then steps of k, then gates, then lanes. The second matrix is the reset-before candidate's.</summary>
    public float* Recurrent(int phase) => _recurrent[phase].Pointer;

    /// <summary>Floats of one row of a premultiplied table.</summary>
    public int TableStride => GateFloats;

    /// <summary>
    /// An embedding (rows, d) times the input kernel, plus the bias: the projected input of every token, so that a step's
    /// input is a row of this table.
    /// </summary>
    public AlignedBuffer Premultiply(ReadOnlySpan<float> embedding, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(embedding.Length, checked(rows * InputSize));
        AlignedBuffer table = new((nint)rows * TableStride);
        float[] workspace = new float[GemmBlocks.RowBlockFloats(rows) * CpuThreads.Count];
        fixed (float* start = embedding)
        {
            Gemm.MultiplyRows(
                new MatrixRows(start, InputSize), Input, table.Pointer, TableStride, rows, new Epilogue { Bias = InputBias }, workspace);
        }

        return table;
    }

    /// <summary>Puts the input kernel back as Keras stores it, bit for bit.</summary>
    public void UnpackInput(Span<float> kernel)
    {
        float[] ordered = new float[checked(InputSize * GateFloats)];
        fixed (float* start = ordered)
        {
            Input.Unpack(start, GateFloats, 1);
        }

        OrderInput(ordered, kernel, back: true);
    }

    /// <summary>Puts the recurrent kernel back as Keras stores it, bit for bit.</summary>
    public void UnpackRecurrent(Span<float> kernel)
    {
        int first = 0;
        foreach (AlignedBuffer packed in _recurrent)
        {
            int gates = _recurrent.Length == 1 ? Gates : first == 0 ? 2 : 1;
            OrderRecurrent(packed.Span, kernel, first, gates, back: true);
            first += gates;
        }
    }

    private PackedMatrix PackInput(ReadOnlySpan<float> kernel)
    {
        float[] ordered = new float[checked(InputSize * GateFloats)];
        OrderInput(kernel, ordered, back: false);
        fixed (float* start = ordered)
        {
            return new PackedMatrix(start, InputSize, GateFloats, GateFloats, 1, panelsOnly: true);
        }
    }

    /// <summary>Keras's order of columns to that of blocks, or back.</summary>
    private void OrderInput(ReadOnlySpan<float> from, Span<float> to, bool back)
    {
        for (int row = 0; row < InputSize; row++)
        {
            for (int gate = 0; gate < Gates; gate++)
            {
                for (int unit = 0; unit < Units; unit++)
                {
                    int kept = (((row * Gates) + gate) * Units) + unit, ordered = (row * GateFloats) + Position(unit, gate, Gates);
                    to[back ? kept : ordered] = from[back ? ordered : kept];
                }
            }
        }
    }

    private void PackBias(ReadOnlySpan<float> bias, bool hasTwoBiases)
    {
        for (int gate = 0; gate < Gates && !bias.IsEmpty; gate++)
        {
            for (int unit = 0; unit < Units; unit++)
            {
                float recurrent = hasTwoBiases ? bias[((Gates + gate) * Units) + unit] : 0f;
                bool isCandidate = gate == 2 && hasTwoBiases;
                InputBias[Position(unit, gate, Gates)] = bias[(gate * Units) + unit] + (isCandidate ? 0f : recurrent);
                if (isCandidate)
                {
                    RecurrentBias[unit] = recurrent;
                }
            }
        }
    }

    private AlignedBuffer PackRecurrent(ReadOnlySpan<float> kernel, int firstGate, int gates)
    {
        NarrowBlock narrow = new(Units, gates, Lanes);
        AlignedBuffer packed = new((nint)Units * ((WideBlocks(narrow) * gates) + narrow.Registers) * Lanes);
        OrderRecurrent(kernel, packed.Span, firstGate, gates, back: false);
        return packed;
    }

    /// <summary>Keras's order of recurrent weights to that of a product of some gates, or back.</summary>
    private void OrderRecurrent(ReadOnlySpan<float> from, Span<float> to, int firstGate, int gates, bool back)
    {
        NarrowBlock narrow = new(Units, gates, Lanes);
        int wide = WideBlocks(narrow);
        for (int k = 0; k < Units; k++)
        {
            for (int gate = 0; gate < gates; gate++)
            {
                for (int unit = 0; unit < Units; unit++)
                {
                    int block = unit / Lanes, kept = (((k * Gates) + firstGate + gate) * Units) + unit;
                    int ordered = block < wide
                        ? (((((block * Units) + k) * gates) + gate) * Lanes) + (unit % Lanes)
                        : (((wide * Units * gates) + (k * narrow.Registers)) * Lanes) + narrow.Position(unit % Lanes, gate, Lanes);
                    to[back ? kept : ordered] = from[back ? ordered : kept];
                }
            }
        }
    }

    /// <summary>Blocks that are not shared by the gates.</summary>
    private int WideBlocks(NarrowBlock narrow) => narrow.Registers > 0 ? Blocks - 1 : Blocks;

    private int Position(int unit, int gate, int gates) => (((unit / Lanes * gates) + gate) * Lanes) + (unit % Lanes);
}
