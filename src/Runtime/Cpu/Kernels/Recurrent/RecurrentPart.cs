using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Some rows of a run and the memory in which one thread takes them through time: what all of a step's kernels read.</summary>
/// <remarks>
/// The hidden state exists twice: a step reads one and writes the other, so that the members of a gang need to meet only once a
/// step. Each row has its own side, which a masked step does not change.
/// </remarks>
internal readonly unsafe struct RecurrentPart
{
    /// <summary>Pointers beyond the rows: a tile of six rows may hold five, and reads a sixth.</summary>
    public const int SpareRows = 8;

    public readonly RecurrentWeights Weights;
    public readonly RecurrentArguments Arguments;

    /// <summary>The first of the part's rows in the batch.</summary>
    public readonly int FirstRow;
    public readonly int Rows;

    /// <summary>Time steps whose inputs are projected together.</summary>
    public readonly int ChunkSteps;

    // Shared by the gang.
    private readonly float* _hidden;
    private readonly int _stateFloats;

    /// <summary>The cell states of an LSTM, the update gates of a reset-before GRU: (rows, padded units).</summary>
    public readonly float* Cell;

    /// <summary>A reset-before GRU's r⊙h: (rows, padded units).</summary>
    public readonly float* Reset;

    /// <summary>The inputs of a chunk of steps times the input kernel, for the rows that move, ordered by step, then row.</summary>
    public readonly float* Projected;

    // This thread's.

    /// <summary>Where the inputs of a chunk lie that are projected.</summary>
    public readonly nint* Offsets;

    /// <summary>For each row that moves, the state that its product reads.</summary>
    public readonly float** Sources;

    /// <summary>For each row that moves, its projected input.</summary>
    public readonly float** Inputs;

    /// <summary>The rows that move in a step.</summary>
    public readonly int* Moving;

    /// <summary>For each row, which of its two hidden states holds.</summary>
    public readonly int* Side;

    /// <summary>The sums of a <see cref="GateTile"/>.</summary>
    public readonly float* Sums;

    /// <summary>The sums of a <see cref="NarrowBlock"/>, gates side by side.</summary>
    public readonly float* NarrowSums;
    public readonly float* GemmWorkspace;

    /// <param name="weights">The layer's weights.</param>
    /// <param name="arguments">The run.</param>
    /// <param name="plan">The sizes.</param>
    /// <param name="firstRow">The first of the part's rows in the batch.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="shared"><see cref="RecurrentPlan.SharedFloats"/> that all threads of the part share.</param>
    /// <param name="own"><see cref="RecurrentPlan.MemberFloats"/> for this thread.</param>
    public RecurrentPart(
        RecurrentWeights weights, in RecurrentArguments arguments, in RecurrentPlan plan, int firstRow, int rows, float* shared, float* own)
    {
        Weights = weights;
        Arguments = arguments;
        FirstRow = firstRow;
        Rows = rows;
        ChunkSteps = plan.ChunkSteps;

        shared = Align(shared);
        _stateFloats = plan.StateFloats;
        _hidden = shared;
        Cell = shared + (2 * _stateFloats);
        Reset = shared + (3 * _stateFloats);
        Projected = shared + (RecurrentPlan.States(weights.Kind) * _stateFloats);

        own = Align(own);
        Sums = own;
        own += RecurrentPlan.TileFloats;
        NarrowSums = own;
        own += RecurrentPlan.TileFloats;
        Offsets = (nint*)own;
        own += 2 * plan.ChunkSteps * plan.Rows;
        Sources = (float**)own;
        own += 2 * (plan.Rows + SpareRows);
        Inputs = (float**)own;
        own += 2 * (plan.Rows + SpareRows);
        Moving = (int*)own;
        own += plan.Rows + SpareRows;
        Side = (int*)own;
        own += plan.Rows + SpareRows;
        GemmWorkspace = own;
    }

    /// <summary>The place in time of a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TimeOf(int step) => Arguments.Backwards ? Arguments.Time - 1 - step : step;

    /// <summary>Whether a row moves in a step: whether the mask keeps it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsKept(int row, int step) =>
        Arguments.Mask == null || Arguments.Mask[((nint)(FirstRow + row) * Arguments.Time) + TimeOf(step)] != 0;

    /// <summary>One of the two hidden states of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Hidden(int row, int side) => _hidden + ((nint)side * _stateFloats) + ((nint)row * Weights.PaddedUnits);

    /// <summary>Where the output of a step goes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Output(int row, int step)
    {
        int at = Arguments.ReverseY ? Arguments.Time - 1 - step : step;
        return Arguments.Y + ((FirstRow + row) * Arguments.YBatchStride) + (at * Arguments.YTimeStride);
    }

    /// <summary>The row of the premultiplied table that is a row's input at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* TableRow(int row, int time) =>
        Arguments.Table + ((nint)Arguments.Tokens[((nint)(FirstRow + row) * Arguments.Time) + time] * Weights.TableStride);

    private static float* Align(float* pointer) => (float*)(((nuint)pointer + 63) & ~(nuint)63);
}
