namespace KerasCompat.Layers;

/// <summary>Operations that call Python functions or draw random numbers: what they compute is not in the file.</summary>
internal static class PythonOperations
{
    private static readonly string[] CallFunctions = ["AssociativeScan", "Cond", "ForiLoop", "JVP", "Map", "Scan", "Switch", "VectorizedMap", "WhileLoop"];

    private static readonly string[] DrawNumbers = ["ElasticTransform"];

    public static OperationSet Table { get; } = Refusals();

    private static OperationSet Refusals()
    {
        var set = new OperationSet();
        foreach (string name in CallFunctions)
        {
            set[name] = c => throw new UnsupportedModelException(c.Config.Place, $"operation {name}, which calls a Python function", "operations that the file describes whole", "functions in a file are never run");
        }

        foreach (string name in DrawNumbers)
        {
            set[name] = c => throw new UnsupportedModelException(c.Config.Place, $"operation {name}, which draws random numbers", "operations that give the same numbers each time");
        }

        return set;
    }
}
