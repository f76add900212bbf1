import com.netflix.fenzo.ConstraintEvaluator;
import com.netflix.fenzo.SchedulingResult;
import com.netflix.fenzo.TaskRequest;
import com.netflix.fenzo.TaskScheduler;
import com.netflix.fenzo.TaskTrackerState;
import com.netflix.fenzo.VMTaskFitnessCalculator;
import com.netflix.fenzo.VirtualMachineCurrentState;
import com.netflix.fenzo.VirtualMachineLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.mesos.Protos;

/**
 * One scheduleOnce of Fenzo over the agents and tasks of a file, after one over those of another file for warming up.
 * Prints the milliseconds, the tasks that it placed and the most memory that the process ever had, in KiB.
 */
public final class FenzoPlacement {
  /** Fenzo has no "attribute is one of": this is as cheap as one can be. */
  private record RackIsOneOf(Set<String> racks) implements ConstraintEvaluator {
    private static final Result YES = new Result(true, "");
    private static final Result NO = new Result(false, "rack");

    @Override
    public String getName() {
      return "rack";
    }

    @Override
    public Result evaluate(TaskRequest task, VirtualMachineCurrentState machine, TaskTrackerState state) {
      Protos.Attribute rack = machine.getCurrAvailableResources().getAttributeMap().get("rack");
      return racks.contains(rack.getText().getValue()) ? YES : NO;
    }
  }

  private record Agent(String hostname, double cpuCores, double memoryMB, List<Range> portRanges,
      Map<String, Protos.Attribute> getAttributeMap) implements VirtualMachineLease {
    @Override
    public String getId() {
      return hostname;
    }

    @Override
    public long getOfferedTime() {
      return System.currentTimeMillis();
    }

    @Override
    public String getVMID() {
      return hostname;
    }

    @Override
    public double networkMbps() {
      return 0;
    }

    @Override
    public double diskMB() {
      return 0;
    }

    @Override
    public Protos.Offer getOffer() {
      return null;
    }

    @Override
    public Double getScalarValue(String name) {
      return 0.0;
    }

    @Override
    public Map<String, Double> getScalarValues() {
      return Collections.emptyMap();
    }
  }

  private static final class Task implements TaskRequest {
    private final String id;
    private final double cpus;
    private final double memory;
    private final int ports;
    private final List<ConstraintEvaluator> constraints;
    private AssignedResources assigned;

    Task(String[] words, ConstraintEvaluator constraint) {
      id = words[1];
      cpus = Double.parseDouble(words[2]);
      memory = Double.parseDouble(words[3]);
      ports = Integer.parseInt(words[4]);
      constraints = List.of(constraint);
    }

    @Override
    public String getId() {
      return id;
    }

    @Override
    public String taskGroupName() {
      return "";
    }

    @Override
    public double getCPUs() {
      return cpus;
    }

    @Override
    public double getMemory() {
      return memory;
    }

    @Override
    public double getNetworkMbps() {
      return 0;
    }

    @Override
    public double getDisk() {
      return 0;
    }

    @Override
    public int getPorts() {
      return ports;
    }

    @Override
    public Map<String, Double> getScalarRequests() {
      return Collections.emptyMap();
    }

    @Override
    public Map<String, NamedResourceSetRequest> getCustomNamedResources() {
      return Collections.emptyMap();
    }

    @Override
    public List<? extends ConstraintEvaluator> getHardConstraints() {
      return constraints;
    }

    @Override
    public List<? extends VMTaskFitnessCalculator> getSoftConstraints() {
      return Collections.emptyList();
    }

    @Override
    public void setAssignedResources(AssignedResources resources) {
      assigned = resources;
    }

    @Override
    public AssignedResources getAssignedResources() {
      return assigned;
    }
  }

  private static Protos.Attribute toAttribute(String name, String value) {
    return Protos.Attribute.newBuilder().setName(name).setType(Protos.Value.Type.TEXT)
        .setText(Protos.Value.Text.newBuilder().setValue(value)).build();
  }

  private static Agent toAgent(String[] words) {
    VirtualMachineLease.Range ports =
        new VirtualMachineLease.Range(Integer.parseInt(words[6]), Integer.parseInt(words[7]));
    // Fenzo asks for null, which Map.of refuses.
    Map<String, Protos.Attribute> attributes = new HashMap<>(
        Map.of("rack", toAttribute("rack", words[2]), "zone", toAttribute("zone", words[3])));
    return new Agent(words[1], Double.parseDouble(words[4]), Double.parseDouble(words[5]),
        List.of(ports), attributes);
  }

  private static String place(Path input) throws IOException {
    List<VirtualMachineLease> agents = new ArrayList<>();
    List<TaskRequest> tasks = new ArrayList<>();
    RackIsOneOf constraint = null;
    for (String line : Files.readAllLines(input)) {
      String[] words = line.split("\t");
      switch (words[0]) {
        case "racks" ->
            constraint = new RackIsOneOf(new HashSet<>(Arrays.asList(words).subList(1, words.length)));
        case "agent" -> agents.add(toAgent(words));
        case "task" -> tasks.add(new Task(words, constraint));
        default -> throw new IllegalArgumentException(line);
      }
    }
    TaskScheduler scheduler = new TaskScheduler.Builder().disableShortfallEvaluation()
        .withLeaseOfferExpirySecs(1_000_000).withLeaseRejectAction(lease -> {}).build();
    long startedAt = System.nanoTime();
    SchedulingResult result = scheduler.scheduleOnce(tasks, agents);
    double milliseconds = (System.nanoTime() - startedAt) / 1e6;
    int placed = result.getResultMap().values().stream().mapToInt(on -> on.getTasksAssigned().size()).sum();
    scheduler.shutdown();
    return milliseconds + " " + placed;
  }

  /** The most memory that the process ever had, in KiB. */
  private static String readPeak() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:")).findFirst().orElse("").replaceAll("\\D", "");
  }

  public static void main(String[] files) throws IOException {
    place(Path.of(files[0]));
    System.out.println(place(Path.of(files[1])) + " " + readPeak());
    System.exit(0);
  }
}
