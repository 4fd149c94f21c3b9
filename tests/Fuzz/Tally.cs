using System.Globalization;

namespace KerasCompat.Fuzz;

/// <summary>The figures of a target.</summary>
internal sealed class Tally(Target target)
{
    private readonly SortedDictionary<string, int> _refusals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seeds = [];

    public int Files { get; private set; }

    public int Read { get; private set; }

    /// <summary>What went wrong, with how to see it again.</summary>
    public List<string> Faults { get; } = [];

    private TimeSpan Slowest { get; set; }

    private long MostBytes { get; set; }

    /// <summary>Runs rounds: each reads one changed file, all of them told by target, seed file and number.</summary>
    /// <param name="rounds">Numbers of the rounds.</param>
    /// <param name="note">Told each round before it runs.</param>
    public void Run(IEnumerable<int> rounds, Action<string>? note = null)
    {
        foreach (int number in rounds)
        {
            Seed seed = target.Seeds[number % target.Seeds.Count];
            string name = $"{target.Name}#{number} {seed.Name}";
            note?.Invoke(name);
            Round round = KerasCompat.Fuzz.Round.Of(target, File(target, number), seed.Name);
            _seeds.Add(seed.Name);
            Files++;
            Read += round.Outcome == Outcome.Read ? 1 : 0;
            if (round.Refusal is { } refusal && round.Fault is null)
            {
                _refusals[refusal] = _refusals.GetValueOrDefault(refusal) + 1;
            }

            Slowest = round.Time > Slowest ? round.Time : Slowest;
            MostBytes = Math.Max(MostBytes, round.Bytes);
            if (round.Fault is { } fault)
            {
                Faults.Add($"{name}: {fault}");
            }
        }
    }

    /// <summary>The changed file of a round.</summary>
    public static byte[] File(Target target, int number) => target.Mutate(target.Seeds[number % target.Seeds.Count], new Random(number));

    public static string Head => "| container | seeds | files | read | refused | wrong | slowest, ms | most allocated, MB |\n|---|---:|---:|---:|---|---:|---:|---:|";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {target.Name} | {_seeds.Count} | {Files} | {Read} | {string.Join(", ", _refusals.Select(r => $"{r.Value} {r.Key}"))} | {Faults.Count} | {Slowest.TotalMilliseconds:f0} | {MostBytes / 1048576.0:f0} |");
}
