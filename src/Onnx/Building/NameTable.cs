namespace KerasCompat.Onnx.Building;

/// <summary>Names that are used once in a model, bodies of loops included.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal) { string.Empty };

    /// <summary>The name itself where it is free, else with a number behind it.</summary>
    public string Take(string wanted)
    {
        string name = wanted;
        while (!_taken.Add(name))
        {
            int number = _next.GetValueOrDefault(wanted) + 1;
            _next[wanted] = number;
            name = $"{wanted}_{number}";
        }

        return name;
    }
}
