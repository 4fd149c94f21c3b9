namespace KerasCompat.Layers;

/// <summary>Every operation class, by its name: the tables of the modules of <c>keras.ops</c>, and of TensorFlow's functions, together.</summary>
internal static class OperationTable
{
    public static IReadOnlyDictionary<string, Func<OperationCall, Structure>> Operations { get; } =
        new IEnumerable<KeyValuePair<string, Func<OperationCall, Structure>>>[]
        {
            NumpyElementwise.Table,
            NumpyComparisons.Table,
            NumpyReductions.Table,
            NumpyShapes.Table,
            NumpyDiagonals.Table,
            NumpyJoining.Table,
            NumpyIndexing.Table,
            NumpyOrdering.Table,
            NumpyQuantiles.Table,
            NumpyCreation.Table,
            NumpyProducts.Table,
            NnActivations.Table,
            NnWindows.Table,
            NnNormalizations.Table,
            NnLosses.Table,
            NnAttention.Table,
            CoreOperations.Table,
            MathOperations.Table,
            FourierOperations.Table,
            ComplexOperations.Table,
            ImageOperations.Table,
            ImageColours.Table,
            ImageFilters.Table,
            ImageProjections.Table,
            ImageSampling.Table,
            LinalgOperations.Table,
            PythonOperations.Table,
            TensorFlowFunctions.Table,
        }.SelectMany(t => t).ToDictionary(StringComparer.Ordinal);
}
