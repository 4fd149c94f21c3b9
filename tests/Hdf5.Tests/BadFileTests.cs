using System.Diagnostics;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Hdf5.Tests;

/// <summary>Suite <c>hdf5-bad</c>: damaged files give our exceptions or h5py's values, soon and within memory.</summary>
public sealed class BadFileTests
{
    private const long MostBytes = 256L << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly IReadOnlyDictionary<string, JObject> Cases = Fixtures.Cases("hdf5-bad");
    private static readonly Dictionary<string, Survey> Bases = [];

    public static TheoryData<string> Names => Fixtures.Names("hdf5-bad");

    [Theory]
    [MemberData(nameof(Names))]
    public void Damaged_file_gives_our_exceptions_or_the_values_of_h5py(string name)
    {
        var row = Cases[name];
        var file = Build(row);
        var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        var survey = Survey.Of(file, name);
        clock.Stop();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(clock.Elapsed < Longest, $"{clock.Elapsed}");
        Assert.True(bytes < MostBytes, $"{bytes} bytes");
        var wrong = Disagreements(survey, Base((string)row["base"]!), row);
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static Survey Base(string name)
    {
        lock (Bases)
        {
            if (!Bases.TryGetValue(name, out var survey))
            {
                Bases.Add(name, survey = Survey.Of(File.ReadAllBytes(Fixtures.PathOf("hdf5-bad", name)), name));
            }

            return survey;
        }
    }

    private static byte[] Build(JObject row)
    {
        var original = File.ReadAllBytes(Fixtures.PathOf("hdf5-bad", (string)row["base"]!));
        var file = original[..((int?)row["truncate"] ?? original.Length)].Concat(Convert.FromHexString((string?)row["append"] ?? "")).ToArray();
        foreach (var patch in row["patches"]!)
        {
            Convert.FromHexString((string)patch[1]!).CopyTo(file, (int)patch[0]!);
        }

        return file;
    }

    // h5py opens an object before it asks for its attributes; this reader gives them although the object's links or data are spoiled.
    private static bool OwnersFail(string path, Survey survey, JObject paths)
    {
        var owner = path[..Math.Max(path.IndexOf('@'), 0)];
        return ((string?)paths[owner] ?? "").StartsWith("error", StringComparison.Ordinal) && Survey.IsError(survey.Found.GetValueOrDefault(owner, ""));
    }

    private static List<string> Disagreements(Survey survey, Survey whole, JObject row)
    {
        var wrong = new List<string>();
        var outcome = (JObject)row["outcome"]!;
        if (outcome["opens"] is null)
        {
            return wrong; // libhdf5 crashed or hung: whatever was reported is better
        }

        // Suite hdf5 holds good files of that kind, which must be read.
        var isLeftOpen = ((string?)outcome["error"] ?? "").Contains("already open for write", StringComparison.Ordinal);
        if (!(bool)outcome["opens"]!)
        {
            if (survey.Error is null && !isLeftOpen)
            {
                wrong.Add($"opened, where libhdf5 says: {outcome["error"]}");
            }

            return wrong;
        }

        var isValid = row["tags"]!.Any(t => (string)t! == "valid");
        var paths = (JObject)outcome["paths"]!;
        foreach (var path in whole.Found.Keys.Union(survey.Found.Keys).Union(paths.Properties().Select(p => p.Name)))
        {
            var found = survey.Found.GetValueOrDefault(path, "missing");
            var original = whole.Found.GetValueOrDefault(path, "missing");
            var theirs = (string?)paths[path];
            var agrees = theirs switch
            {
                null when paths["and so on"] is not null => true,
                null => found == original || (!isValid && (Survey.IsError(found) || found == "missing")),
                "changed" => found != original,
                "missing" => found == "missing" || Survey.IsError(found) || (found == original && OwnersFail(path, survey, paths)),
                "new" => true,
                _ => found == "missing" || Survey.IsError(found),
            };
            if (!agrees)
            {
                wrong.Add($"{path}: {found}, where libhdf5 has {theirs ?? original}");
            }
        }

        return wrong;
    }
}
